import { useRef, useState } from "preact/hooks";
import { useReply } from "../asking/use-reply.ts";
import { Answer } from "../parts/answer.tsx";
import { Failed, Waiting } from "../parts/states.tsx";
import { change } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { runOf } from "./organization.tsx";

const EXAMPLE = "SELECT *\nFROM recommendations\nLIMIT 20";

/** A person's own SQL, with the tables and columns that there are beside it. */
export function SqlBox({ route }: { readonly route: Route }) {
  const asked = route.query["sql"];
  const [text, setText] = useState(asked ?? "");
  const area = useRef<HTMLTextAreaElement>(null);
  const { reply, failure, busy, again } = useReply("sql", asked === undefined ? null : { ...runOf(route), sql: asked });
  const ask = (): void => {
    if (text.trim() === "") return;
    if (text === asked) again();
    else change({ sql: text, own: undefined });
  };
  const insert = (name: string): void => {
    const element = area.current;
    if (element === null) return;
    const { selectionStart: from, selectionEnd: to } = element;
    const spaced = from > 0 && /[\w"]/u.test(text.charAt(from - 1)) ? ` ${name}` : name;
    setText(text.slice(0, from) + spaced + text.slice(to));
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(from + spaced.length, from + spaced.length);
    });
  };
  return (
    <div class="ask-columns sql">
      <Schema insert={insert} />
      <div class="answer">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            ask();
          }}
        >
          <label class="visually-hidden" for="sql">
            SQL, only reading
          </label>
          <textarea
            id="sql"
            ref={area}
            rows={7}
            spellcheck={false}
            placeholder={EXAMPLE}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask();
            }}
          />
          <p class="list-tools">
            <button type="submit" class="primary">
              Ask
            </button>
            <span class="quiet">
              Ctrl+Enter. It only reads, in a process of its own, with limits of time, memory and rows.
            </span>
          </p>
        </form>
        {failure !== null ? <Failed failure={failure} again={again} /> : null}
        {busy ? <Waiting what="asking" /> : null}
        {reply === null || busy || failure !== null || asked === undefined ? null : (
          <Answer table={reply} name="answer" />
        )}
      </div>
    </div>
  );
}

function Schema({ insert }: { readonly insert: (name: string) => void }) {
  const { reply, failure, again } = useReply("schema", {});
  const [search, setSearch] = useState("");
  if (failure !== null) return <Failed failure={failure} again={again} />;
  if (reply === null) return <Waiting />;
  const wanted = search.toLowerCase();
  const shown = reply.filter(({ name, columns }) =>
    [name, ...columns].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <section class="schema" aria-label="tables and views">
      <input
        type="search"
        class="list-search"
        aria-label="search tables and columns"
        placeholder="search tables and columns"
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      {(["view", "table"] as const).map((kind) => (
        <div key={kind}>
          <h3>{kind === "view" ? "views, of the run shown" : "tables"}</h3>
          {shown
            .filter((row) => row.kind === kind)
            .map(({ name, description, columns }) => (
              <details key={name} open={wanted !== "" && shown.length < 6}>
                <summary>
                  <code>{name}</code>
                </summary>
                <p class="quiet">{description}</p>
                <p class="schema-columns">
                  <button type="button" onClick={() => insert(name)}>
                    {name}
                  </button>
                  {columns.map((column) => (
                    <button key={column} type="button" class="column" onClick={() => insert(column)}>
                      {column}
                    </button>
                  ))}
                </p>
              </details>
            ))}
        </div>
      ))}
    </section>
  );
}
