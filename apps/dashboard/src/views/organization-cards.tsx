import type { Overview } from "@leastwise/api";
import { Card } from "../parts/card.tsx";
import { Severity } from "../parts/marks.tsx";
import { Name } from "../parts/name.tsx";
import { Nothing } from "../parts/states.tsx";
import { link } from "../routing/location.ts";
import { age } from "../text/dates.ts";
import { count } from "../text/numbers.ts";
import { evidenceWords } from "./words.ts";

const ESCALATIONS = 10; // shown here; the list has them all

/** Actions by which one gives oneself more rights. */
export function Escalation({ rows }: { readonly rows: Overview["escalation"] }) {
  return (
    <Card
      title="Actions that lead to more rights"
      more={<a href={link("/actions", { escalation: "yes" })}>all {count(rows.length)}</a>}
    >
      {rows.length === 0 ? (
        <Nothing>Nobody holds one.</Nothing>
      ) : (
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">action, and how</th>
              <th scope="col" class="numeric">
                today
              </th>
              <th scope="col" class="numeric">
                after
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, ESCALATIONS).map(({ action, reason, before, after }) => (
              <tr key={action}>
                <th scope="row">
                  <a href={link("/holders", { action, when: "after" })}>{action}</a>
                  <span class="how">{reason}</span>
                </th>
                <td class="numeric">
                  <a href={link("/holders", { action, when: "before" })}>{count(before)}</a>
                </td>
                <td class="numeric">
                  <a href={link("/holders", { action, when: "after" })}>{count(after)}</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** What is known of use, and how old it is. */
export function Evidence({ evidence: { kinds, sources } }: { readonly evidence: Overview["evidence"] }) {
  return (
    <Card title="Evidence of use" more={<a href={link("/principals", { evidence: "none" })}>who has none</a>}>
      <dl class="facts">
        {kinds.map(({ kind, principals }) => (
          <div key={kind}>
            <dt>{evidenceWords(kind)}</dt>
            <dd>
              <a href={link("/principals", { evidence: kind })}>{count(principals)}</a>
            </dd>
          </div>
        ))}
      </dl>
      {sources.length === 0 ? null : (
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">source</th>
              <th scope="col" class="numeric">
                reports
              </th>
              <th scope="col" class="numeric">
                principals
              </th>
              <th scope="col">age</th>
            </tr>
          </thead>
          <tbody>
            {sources.map(({ source, reports, principals, youngestDays, oldestDays }) => (
              <tr key={source}>
                <th scope="row">
                  <Name text={source} cut />
                </th>
                <td class="numeric">{count(reports)}</td>
                <td class="numeric">{count(principals)}</td>
                <td>{ages(youngestDays, oldestDays)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function ages(youngest: number | null, oldest: number | null): string {
  if (youngest === null || oldest === null) return "no date";
  return age(youngest) === age(oldest) ? age(oldest) : `${age(youngest)} to ${age(oldest)}`;
}

/** Results against IAM's limits of size. */
export function Sizes({ sizes: { tooLarge, doesNotFit, shortened, split } }: { readonly sizes: Overview["sizes"] }) {
  return (
    <Card title="Size limits of IAM">
      <dl class="facts">
        <div>
          <dt>too large</dt>
          <dd>
            <a href={link("/policies", { fit: "too-large" })}>{count(tooLarge)}</a>
          </dd>
        </div>
        <div>
          <dt>too large in any form</dt>
          <dd>
            <a href={link("/policies", { fit: "does-not-fit" })}>{count(doesNotFit)}</a>
          </dd>
        </div>
        <div>
          <dt>made shorter until they fit</dt>
          <dd>{count(shortened)}</dd>
        </div>
        <div>
          <dt>split into several</dt>
          <dd>
            <a href={link("/policies", { fit: "split" })}>{count(split)}</a>
          </dd>
        </div>
      </dl>
    </Card>
  );
}

export function LeftAlone({ rows }: { readonly rows: Overview["leftAlone"] }) {
  return (
    <Card title="Left alone" more={<a href={link("/principals", { left: "yes" })}>who</a>}>
      {rows.length === 0 ? (
        <Nothing>Nobody: no rule leaves anything out.</Nothing>
      ) : (
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">by rule</th>
              <th scope="col" class="numeric">
                principals
              </th>
              <th scope="col" class="numeric">
                policies
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ rule, principals, policies }) => (
              <tr key={rule}>
                <th scope="row">
                  <Name text={rule} cut />
                </th>
                <td class="numeric">
                  <a href={link("/principals", { left: "yes" })}>{count(principals)}</a>
                </td>
                <td class="numeric">{count(policies)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** What was wrong with the inputs. */
export function Refused({ rows }: { readonly rows: Overview["diagnostics"] }) {
  return (
    <Card title="Refused and doubted inputs" more={<a href={link("/refused")}>all</a>}>
      {rows.length === 0 ? (
        <Nothing>Nothing: every input was read.</Nothing>
      ) : (
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">severity</th>
              <th scope="col">code</th>
              <th scope="col" class="numeric">
                times
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ severity, code, count: times }) => (
              <tr key={`${severity} ${code}`}>
                <td>
                  <Severity severity={severity} />
                </td>
                <th scope="row">
                  <a href={link("/refused", { code })}>{code}</a>
                </th>
                <td class="numeric">
                  <a href={link("/refused", { code })}>{count(times)}</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
