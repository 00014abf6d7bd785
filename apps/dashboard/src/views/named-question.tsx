import type { QuestionRow } from "@leastwise/api";
import { useState } from "preact/hooks";
import { useReply } from "../asking/use-reply.ts";
import { Failed, Waiting } from "../parts/states.tsx";
import { Answer } from "../parts/answer.tsx";
import { change, link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { runOf } from "./organization.tsx";

/** A question with its parameters, which lie in the address, and its answer. */
export function NamedQuestion({ question, route }: { readonly question: QuestionRow; readonly route: Route }) {
  const given = Object.fromEntries(
    question.parameters.map(({ name }) => [`p.${name}`, route.query[`p.${name}`] ?? ""]),
  );
  const [values, setValues] = useState(given);
  const complete = Object.values(given).every((value) => value !== "");
  const { reply, failure, busy, again } = useReply(
    "question",
    complete ? { ...runOf(route), question: question.name, ...given } : null, // the names begin with `p.`
  );
  return (
    <>
      <h2>{question.sentence}</h2>
      {question.parameters.length === 0 ? null : (
        <form
          class="list-tools"
          onSubmit={(event) => {
            event.preventDefault();
            change(values);
          }}
        >
          {question.parameters.map(({ name, example }) => (
            <label key={name} class="parameter">
              <span>{name}</span>
              <input
                value={values[`p.${name}`] ?? ""}
                placeholder={example}
                spellcheck={false}
                onInput={(event) => setValues({ ...values, [`p.${name}`]: event.currentTarget.value })}
              />
            </label>
          ))}
          <button type="submit">Ask</button>
        </form>
      )}
      {failure !== null ? <Failed failure={failure} again={again} /> : null}
      {busy ? <Waiting what="asking" /> : null}
      {!complete ? <p class="state nothing">Say what is asked for.</p> : null}
      {reply === null || busy || failure !== null ? null : <Answer table={reply} name={question.name} />}
      <details class="rest">
        <summary>Its SQL</summary>
        <pre tabIndex={0} aria-label="SQL of the question">
          {question.sql}
        </pre>
        <a href={link("/ask", { sql: question.parameters.length === 0 ? question.sql : undefined, own: "yes" })}>
          {question.parameters.length === 0 ? "Change it" : "Write your own"}
        </a>
      </details>
    </>
  );
}
