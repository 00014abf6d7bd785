import type { RecommendationRow } from "@leastwise/api";

/** A short word with a sign, so that it is told apart without colour. */
export function Mark({
  tone,
  sign,
  children,
}: {
  readonly tone: string;
  readonly sign: string;
  readonly children: string;
}) {
  return (
    <span class={`mark ${tone}`}>
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      {children}
    </span>
  );
}

/** What is to be done with an attached policy. */
export function Verdict({
  row,
}: {
  readonly row: Pick<RecommendationRow, "recommendedAction" | "leftBecause" | "state">;
}) {
  if (row.state === "failed")
    return (
      <Mark tone="failed" sign="!">
        no answer
      </Mark>
    );
  if (row.leftBecause !== null)
    return (
      <Mark tone="left" sign="=">
        left alone
      </Mark>
    );
  switch (row.recommendedAction) {
    case "CREATE_POLICY":
      return (
        <Mark tone="replace" sign="±">
          replace
        </Mark>
      );
    case "DETACH_POLICY":
      return (
        <Mark tone="removed" sign="−">
          detach
        </Mark>
      );
    case "NONE":
      return (
        <Mark tone="kept" sign="=">
          unchanged
        </Mark>
      );
    case null:
      return (
        <Mark tone="unknown" sign="?">
          planned
        </Mark>
      );
  }
}

/** Of something that was refused or remarked. */
export function Severity({ severity }: { readonly severity: "error" | "warning" | "info" }) {
  if (severity === "error")
    return (
      <Mark tone="failed" sign="!">
        error
      </Mark>
    );
  if (severity === "warning")
    return (
      <Mark tone="unknown" sign="?">
        warning
      </Mark>
    );
  return (
    <Mark tone="kept" sign="i">
      info
    </Mark>
  );
}
