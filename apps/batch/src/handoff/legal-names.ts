/**
 * What IAM allows in names and ARNs (IAM API reference: RoleName, UserName, GroupName, PolicyName, PolicyArn). Exports are not
 * trusted: anything else never gets into a script.
 */
const NAME = /^[\w+=,.@-]{1,128}$/;
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/(?:[!-~]{1,510}\/)?[\w+=,.@-]{1,128}$/;
const PLACE = /^arn:(aws[a-z-]*):iam::(\d{12}):/;

export function isLegalName(name: string): boolean {
  return NAME.test(name);
}

export function isLegalPolicyArn(arn: string): boolean {
  return POLICY_ARN.test(arn);
}

/** Partition and account of a principal's or customer managed policy's ARN; undefined for any other text. */
export function placeOf(arn: string): { readonly partition: string; readonly accountId: string } | undefined {
  const [, partition, accountId] = PLACE.exec(arn) ?? [];
  return partition === undefined || accountId === undefined ? undefined : { partition, accountId };
}
