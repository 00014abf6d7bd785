import { useReply } from "../asking/use-reply.ts";
import { Failed, Waiting } from "../parts/states.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { change, link } from "../routing/location.ts";
import type { Route } from "../routing/route.ts";
import { NamedQuestion } from "./named-question.tsx";
import { SqlBox } from "./sql-box.tsx";

/** Questions that have a name, and a person's own in SQL. */
export function AskView({ route }: { readonly route: Route }) {
  const own = route.query["sql"] !== undefined || route.query["own"] !== undefined;
  return (
    <section class="ask-view">
      <header class="page-head">
        <h1>Ask</h1>
        <p class="quiet">
          Everything on this page is in the database. Ask it a question that it knows, or your own. Nothing that is
          asked changes it.
        </p>
      </header>
      <Tabs
        label="how to ask"
        open={own ? "sql" : "named"}
        choose={(id) => change(id === "sql" ? { own: "yes", question: undefined } : { own: undefined, sql: undefined })}
        tabs={[
          { id: "named", title: "Questions", content: () => <Named route={route} /> },
          { id: "sql", title: "SQL", content: () => <SqlBox route={route} /> },
        ]}
      />
    </section>
  );
}

function Named({ route }: { readonly route: Route }) {
  const { reply, failure, again } = useReply("questions", {});
  if (failure !== null) return <Failed failure={failure} again={again} />;
  if (reply === null) return <Waiting />;
  const name = route.query["question"];
  const chosen = reply.find((question) => question.name === name);
  return (
    <div class="ask-columns">
      <nav class="question-list" aria-label="questions">
        <ul>
          {reply.map((question) => (
            <li key={question.name}>
              <a
                href={link("/ask", { question: question.name })}
                aria-current={question.name === name ? "true" : undefined}
              >
                <strong>{question.name}</strong>
                <span class="quiet">{question.sentence}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="answer">
        {chosen === undefined ? (
          <p class="state nothing">{name === undefined ? "Choose a question." : `There is no question ${name}.`}</p>
        ) : (
          <NamedQuestion key={chosen.name} question={chosen} route={route} />
        )}
      </div>
    </div>
  );
}
