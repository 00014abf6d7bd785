/** `README.txt` beside the scripts: what somebody needs who has only the folder. */
export const SCRIPTS_README = `One folder an account. In each:

  apply.sh          puts the recommended policies in place
  rollback.sh       takes back what apply.sh did from this folder
  policies/         the documents, before and after; read them first
  permission-sets/  documents for Identity Center roles, whose change belongs in
                    the permission set: by hand
  not-applied.txt   what is left out of the scripts, and why

Needed: bash 3.2 or later, the AWS CLI, and credentials of that account.

  1. cd ACCOUNT && ./apply.sh            dry run: reads, changes nothing
  2. ./apply.sh --only ROLE --apply      one principal first
  3. ./apply.sh --apply                  the rest; what is done is passed over
  4. watch for access-denied errors; then, where needed,
     ./rollback.sh --only ROLE --apply

Before each change the script looks whether AWS still has the policy that was
analysed, and stops where it has not. It writes what it does to applied.log,
which rollback.sh needs: keep the folder.

Reading: sts:GetCallerIdentity, iam:Get*, iam:List*. Changing: iam:PutRolePolicy,
DeleteRolePolicy, AttachRolePolicy, DetachRolePolicy and the same for users and
groups, CreatePolicy, TagPolicy, DeletePolicy, CreatePolicyVersion,
DeletePolicyVersion, SetDefaultPolicyVersion.
`;

/** `README.txt` beside the Terraform files. */
export const TERRAFORM_README = `One folder an account. In each:

  main.tf.json      import blocks for what is there, resources for what shall be
  policies/         the documents, before and after; read them first
  permission-sets/  documents for Identity Center roles, whose change belongs in
                    the permission set: by hand
  not-applied.txt   what is left out, and why

Needed: Terraform 1.5 or later, hashicorp/aws 5.72 or later, and credentials and
a region of that account.

  1. cd ACCOUNT && terraform init
  2. terraform plan                      read it: what it imports, what it changes
  3. terraform apply
  4. to take back: terraform apply -var documents=before

The plan is the only guard: a policy that was changed since it was analysed shows
there as a difference that nobody expects. The exclusive resources take away
whatever is attached to their principal and not in their list.
`;
