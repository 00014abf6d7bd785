import type { PolicyPage } from "@leastwise/api";
import { CopyButton } from "../parts/copy-button.tsx";
import { Name } from "../parts/name.tsx";
import { Meter } from "../parts/numbers.tsx";
import { link } from "../routing/location.ts";
import { count, counted } from "../text/numbers.ts";
import { fitWords, nameOfArn } from "./words.ts";

/** What else there is to know of a policy before it is put in place: size, proof, newer actions, who else has it, who blocks. */
export function PolicyFacts({ page }: { readonly page: PolicyPage }) {
  return (
    <dl class="facts policy-facts">
      <Size page={page} />
      <Certificate page={page} />
      <Drift drift={page.drift} />
      <Shared page={page} />
      <Blockers blockers={page.blockers} />
    </dl>
  );
}

function Size({ page: { recommendation: row, sizeBefore } }: { readonly page: PolicyPage }) {
  const limit = row.sizeLimit;
  return (
    <div>
      <dt>size</dt>
      <dd>
        {limit === null ? (
          `${count(sizeBefore)} characters`
        ) : (
          <>
            <Meter value={sizeBefore} limit={limit} label="before" />
            {row.sizeAfter === null ? null : <Meter value={row.sizeAfter} limit={limit} label="after" />}
          </>
        )}
        {row.fit === null || row.fit === "fits" ? null : <span class="unknown-text">{fitWords(row.fit)}</span>}
      </dd>
    </div>
  );
}

function Certificate({ page: { certificate, certificateStatement } }: { readonly page: PolicyPage }) {
  if (certificate === null)
    return (
      <div>
        <dt>verified</dt>
        <dd class="quiet">no result, so no certificate</dd>
      </div>
    );
  return (
    <div>
      <dt>verified</dt>
      <dd>
        <span class="kept-text">✓ by a second engine</span>{" "}
        <details class="certificate">
          <summary>
            <code class="hash">{certificate.slice(0, 16)}…</code>
          </summary>
          <p>
            The certificate is the SHA-256 of the text below, which names the policy, what is unused, the catalog, the
            options and the result. Whoever has these can work it out again; <code>leastwise verify</code> does so.
          </p>
          <pre
            tabIndex={0}
            aria-label="certificate and the text that it is the hash of"
          >{`${certificate}\n\n${certificateStatement ?? ""}`}</pre>
          <CopyButton text={certificate} label="Copy certificate" />
          {certificateStatement === null ? null : <CopyButton text={certificateStatement} label="Copy its text" />}
        </details>
      </dd>
    </div>
  );
}

function Drift({ drift }: { readonly drift: PolicyPage["drift"] }) {
  return (
    <div>
      <dt>newer actions of AWS</dt>
      <dd>
        {drift === null ? (
          <span class="quiet">the run's catalog is the newest that this program has</span>
        ) : drift.length === 0 ? (
          "none gets through"
        ) : (
          <ul class="compact">
            {drift.map(({ entry, now, then }) => (
              <li key={entry}>
                <code>
                  <Name text={entry} />
                </code>{" "}
                lets {count(now)} through, {count(then)} then
              </li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  );
}

function Shared({ page: { shared, recommendation: row } }: { readonly page: PolicyPage }) {
  if (shared.principals === 0) return null;
  return (
    <div>
      <dt>shared</dt>
      <dd>
        with <a href={link("/policies", { policy: row.policyKey })}>{counted(shared.principals, "other principal")}</a>:{" "}
        {shared.first.map((arn, at) => (
          <span key={arn}>
            {at === 0 ? "" : ", "}
            <a href={link("/principal", { arn })}>
              <Name text={nameOfArn(arn)} cut />
            </a>
          </span>
        ))}
        {shared.principals > shared.first.length ? ` and ${count(shared.principals - shared.first.length)} more` : ""}
      </dd>
    </div>
  );
}

function Blockers({ blockers }: { readonly blockers: PolicyPage["blockers"] }) {
  if (blockers.length === 0) return null;
  return (
    <div>
      <dt>who keeps it from being narrower</dt>
      <dd>
        <ul class="compact">
          {blockers.map(({ principalArn, reason, actions }) => (
            <li key={`${principalArn ?? ""} ${reason}`}>
              {principalArn === null ? (
                "everybody"
              ) : (
                <a href={link("/principal", { arn: principalArn })}>
                  <Name text={nameOfArn(principalArn)} cut />
                </a>
              )}
              : <Name text={reason} />, {counted(actions, "action")}
            </li>
          ))}
        </ul>
      </dd>
    </div>
  );
}
