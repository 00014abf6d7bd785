/** The account in an ARN: `arn:partition:service:region:account:…`. A document's text is minified JSON, so a quote ends what is in one. */
const ACCOUNT_IN_ARN = /(arn:[^:"\\]*:[^:"\\]*:[^:"\\]*:)([0-9]{12})(?=[:"])/g;

/**
 * A document's text with the account ids of ARNs replaced by `{account-1}`, `{account-2}`, … in the order in which they first stand in it,
 * so that documents which name the same accounts in the same places are alike whatever the accounts; null where it names none.
 */
export function shapeText(text: string): string | null {
  const names = new Map<string, string>();
  const shape = text.replace(ACCOUNT_IN_ARN, (_whole, head: string, account: string) => {
    let name = names.get(account);
    if (name === undefined) names.set(account, (name = `{account-${names.size + 1}}`));
    return head + name;
  });
  return names.size === 0 ? null : shape;
}
