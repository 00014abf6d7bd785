/** What a person has typed into the search box names: an action, an ARN, or a name to look for. */
export type Typed =
  | { readonly is: "action"; readonly action: string }
  | { readonly is: "arn"; readonly arn: string }
  | { readonly is: "name"; readonly text: string };

/** Reads what was typed. `iam:PassRole` is an action; `arn:aws:iam::…:role/R` an ARN; all else a name. Space around it does not count. */
export function readTyped(text: string): Typed {
  const trimmed = text.trim();
  if (/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+$/u.test(trimmed)) return { is: "arn", arn: trimmed };
  if (/^[a-z0-9-]+:[a-z0-9]+$/iu.test(trimmed)) return { is: "action", action: trimmed };
  return { is: "name", text: trimmed };
}
