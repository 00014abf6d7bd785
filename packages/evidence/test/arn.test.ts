import { describe, expect, test } from "vitest";
import { parsePolicyArn, parsePrincipalArn } from "../src/arn.ts";

describe("principals (IAM User Guide, IAM ARNs)", () => {
  test.each([
    ["arn:aws:iam::111122223333:role/orders", "role", "/", "orders"],
    ["arn:aws:iam::111122223333:user/division_abc/sub.unit/JaneDoe", "user", "/division_abc/sub.unit/", "JaneDoe"],
    ["arn:aws:iam::111122223333:group/Admins", "group", "/", "Admins"],
    ["arn:aws-cn:iam::111122223333:role/orders", "role", "/", "orders"],
    ["arn:aws-us-gov:iam::111122223333:role/orders", "role", "/", "orders"],
    ["arn:aws-iso-b:iam::111122223333:user/x", "user", "/", "x"],
    ["arn:aws:iam::000000000001:role/leading-zeros", "role", "/", "leading-zeros"],
  ])("%s", (arn, kind, path, name) => {
    expect(parsePrincipalArn(arn)).toMatchObject({ kind, path, name, accountId: arn.split(":")[4] });
  });

  test("a name may hold every character IAM allows: letters, digits and _+=,.@-", () => {
    const name = "aZ09_+=,.@-";
    expect(parsePrincipalArn(`arn:aws:iam::111122223333:user/${name}`)).toMatchObject({ path: "/", name });
  });

  test("a path may hold every character from ! to ~, slashes and colons too", () => {
    const path = `/${Array.from({ length: 0x7e - 0x20 }, (_, index) => String.fromCharCode(0x21 + index)).join("")}/`;
    expect(parsePrincipalArn(`arn:aws:iam::111122223333:role${path}Name`)).toMatchObject({ path, name: "Name" });
  });

  test("service-linked and Identity Center roles keep their paths", () => {
    const linked =
      "arn:aws:iam::111122223333:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway";
    expect(parsePrincipalArn(linked)?.path).toBe("/aws-service-role/ops.apigateway.amazonaws.com/");
    const sso =
      "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef";
    expect(parsePrincipalArn(sso)).toMatchObject({
      path: "/aws-reserved/sso.amazonaws.com/eu-west-1/",
      name: "AWSReservedSSO_Admin_0123456789abcdef",
    });
  });

  test.each([
    ["empty text", ""],
    ["a bucket", "arn:aws:s3:::orders"],
    ["a session of a role, which is not the role", "arn:aws:sts::111122223333:assumed-role/orders/session"],
    ["the root user", "arn:aws:iam::111122223333:root"],
    ["a policy", "arn:aws:iam::111122223333:policy/orders"],
    ["a service principal", "lambda.amazonaws.com"],
    ["an account id of 11 digits", "arn:aws:iam::11112222333:role/orders"],
    ["an account id with other digits than ours", "arn:aws:iam::١١١١٢٢٢٢٣٣٣٣:role/orders"],
    ["no name", "arn:aws:iam::111122223333:role/"],
    ["a path without a name", "arn:aws:iam::111122223333:role/service/"],
    ["an upper-case kind", "arn:aws:iam::111122223333:Role/orders"],
    ["a wildcard for a name", "arn:aws:iam::111122223333:role/*"],
    ["a name that is not ASCII", "arn:aws:iam::111122223333:user/josé"],
    ["a blank in front", " arn:aws:iam::111122223333:role/orders"],
    ["a line break behind", "arn:aws:iam::111122223333:role/orders\n"],
    ["a region, which IAM has none of", "arn:aws:iam:us-east-1:111122223333:role/orders"],
  ])("%s is no principal", (_, arn) => {
    expect(parsePrincipalArn(arn)).toBeUndefined();
  });

  test("texts of hostile length are refused like any other", () => {
    const head = "arn:aws:iam::111122223333:role/";
    for (const tail of ["a".repeat(1e6), "/".repeat(1e6), "a/".repeat(5e5), "-".repeat(1e6)]) {
      expect(parsePrincipalArn(`${head}${tail}\n`)).toBeUndefined();
      expect(parsePolicyArn(`arn:aws:iam::aws:policy/${tail}\n`)).toBeUndefined();
    }
    expect(parsePrincipalArn(`arn:${"aws-".repeat(1e6)}`)).toBeUndefined();
  });
});

describe("managed policies", () => {
  test.each([
    ["arn:aws:iam::111122223333:policy/OrdersAccess", "111122223333", "OrdersAccess"],
    ["arn:aws:iam::111122223333:policy/team/shop/OrdersAccess", "111122223333", "OrdersAccess"],
    ["arn:aws:iam::aws:policy/ReadOnlyAccess", null, "ReadOnlyAccess"],
    ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", null, "AWSLambdaBasicExecutionRole"],
    ["arn:aws-cn:iam::aws:policy/job-function/Billing", null, "Billing"],
    ["arn:aws-us-gov:iam::111122223333:policy/a_+=,.@-", "111122223333", "a_+=,.@-"],
  ])("%s", (arn, accountId, name) => {
    expect(parsePolicyArn(arn)).toEqual({ accountId, name });
  });

  test.each(["", "OrdersAccess", "arn:aws:iam::AWS:policy/x", "arn:aws:iam::aws:role/x", "arn:aws:iam::1:policy/x"])(
    "`%s` is no managed policy",
    (arn) => {
      expect(parsePolicyArn(arn)).toBeUndefined();
    },
  );
});
