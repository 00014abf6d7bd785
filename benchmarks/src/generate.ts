/** `node benchmarks/dist/generate.js FOLDER ACCOUNTS ROLES_PER_ACCOUNT [SEED]` */
import { writeOrganization } from "./organization.ts";

const [folder, accounts, rolesPerAccount, seed] = process.argv.slice(2);
if (folder === undefined || !(Number(accounts) > 0) || !(Number(rolesPerAccount) > 0)) {
  console.error("usage: generate FOLDER ACCOUNTS ROLES_PER_ACCOUNT [SEED]");
  process.exitCode = 2;
} else {
  writeOrganization(folder, {
    accounts: Number(accounts),
    rolesPerAccount: Number(rolesPerAccount),
    seed: Number(seed ?? 1),
  });
}
