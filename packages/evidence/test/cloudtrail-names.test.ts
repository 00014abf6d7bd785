import { builtInCatalog } from "@leastwise/catalog";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { API_GATEWAY_VERBS } from "../src/cloudtrail/names/api-gateway.ts";
import { EVENT_SOURCES } from "../src/cloudtrail/names/event-sources.ts";
import { RENAMES } from "../src/cloudtrail/names/renames.ts";
import { DENIED_CODES } from "../src/cloudtrail/denied.ts";
import { type KnownActions, type MappedEvent, type Operations, mapEvent } from "../src/index.ts";

const ACTIONS = builtInCatalog()
  .trie.toSource()
  .actions.map(({ action }) => action);
const CATALOG = knownOf(ACTIONS);
const NONE: Operations = new Map();

function knownOf(actions: readonly string[]): KnownActions {
  const names = new Map(actions.map((action) => [action.toLowerCase(), action]));
  const services = new Set(actions.map((action) => action.slice(0, action.indexOf(":")).toLowerCase()));
  return {
    hasService: (service) => services.has(service.toLowerCase()),
    find: (service, name) => names.get(`${service}:${name}`.toLowerCase()),
  };
}

function map(source: string, name: string, operations = NONE): MappedEvent {
  return mapEvent(CATALOG, operations, source, name);
}

/** `via action action`, for tables of expectations. */
function told(source: string, name: string): string {
  const { via, actions } = map(`${source}.amazonaws.com`, name);
  return [via, ...actions].join(" ");
}

const ROWS = RENAMES.flatMap(({ service, source, events }) =>
  Object.entries(events).map(([event, names]) => ({
    service,
    source,
    event,
    actions: names.split(" ").map((name) => (name.includes(":") ? name : `${service}:${name}`)),
  })),
);

describe("the tables", () => {
  test("there are as many rows as a reader would expect", () => {
    expect(ROWS.length).toBeGreaterThan(150);
    expect(EVENT_SOURCES.length).toBeGreaterThan(40);
  });

  test("every action that a row names is in the catalog, spelt as there", () => {
    const spelt = new Set(ACTIONS);
    expect(ROWS.flatMap(({ actions }) => actions).filter((action) => !spelt.has(action))).toEqual([]);
  });

  test("every row is for a name that no action has, else it could never apply", () => {
    expect(ROWS.filter(({ service, event }) => CATALOG.find(service, event) !== undefined)).toEqual([]);
  });

  test("no event has two rows, no row names an action twice or adds the event's own", () => {
    const keys = ROWS.map(({ service, event }) => `${service}:${event}`.toLowerCase());
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(ROWS.filter(({ actions }) => new Set(actions).size !== actions.length)).toEqual([]);
    expect(ROWS.filter(({ service, event, actions }) => actions.includes(`${service}:${event}`))).toEqual([]);
  });

  test("every event source stands for services that the catalog has, and is named once", () => {
    const hosts = EVENT_SOURCES.map(({ host }) => host);
    expect(new Set(hosts).size).toBe(hosts.length);
    expect(
      EVENT_SOURCES.flatMap(({ services }) => services.split(" ")).filter((one) => !CATALOG.hasService(one)),
    ).toEqual([]);
    const known = EVENT_SOURCES.filter(
      ({ host, services }) => CATALOG.hasService(host) && !services.split(" ").includes(host),
    );
    expect(known).toEqual([]); // a source of the name of a service stands for it, whatever else it stands for
  });

  test("every row has its page: AWS's, or one of the two projects'", () => {
    const page =
      /^https:\/\/(docs\.aws\.amazon\.com\/|github\.com\/(flosell\/trailscraper|iann0036\/iam-dataset)\/blob\/)[\w./-]+$/;
    const sources = [...ROWS, ...EVENT_SOURCES, ...API_GATEWAY_VERBS, ...DENIED_CODES].map(({ source }) => source);
    expect(sources.filter((source) => !page.test(source))).toEqual([]);
  });

  test("every row is what its event comes to", () => {
    for (const { service, event, actions, source } of ROWS) {
      const mapped = map(`${service}.amazonaws.com`, event);
      expect(mapped, `${service}:${event}`).toEqual({ service, services: [service], actions, via: "table", source });
    }
  });
});

describe("the very name goes first", () => {
  test("every action of the catalog stays itself", () => {
    const changed = ACTIONS.filter((action) => {
      const colon = action.indexOf(":");
      const mapped = map(`${action.slice(0, colon)}.amazonaws.com`, action.slice(colon + 1));
      return mapped.via !== "exact" || mapped.actions[0] !== action;
    });
    expect(changed).toEqual([]);
  });

  test.each([
    ["iot", "ListPrincipalThingsV2", "exact iot:ListPrincipalThingsV2"],
    ["kafka", "CreateClusterV2", "exact kafka:CreateClusterV2"],
    ["connect", "GetMetricDataV2", "exact connect:GetMetricDataV2"],
    ["comprehendmedical", "DetectEntitiesV2", "exact comprehendmedical:DetectEntitiesV2"],
    ["payment-cryptography", "GenerateAs2805KekValidation", "exact payment-cryptography:GenerateAs2805KekValidation"],
  ])("%s:%s ends as a version does and is an action", (source, name, expected) => {
    expect(told(source, name)).toBe(expected);
  });

  test("also before the service reference, and in any case", () => {
    const operations: Operations = new Map([["sqs:sendmessage", ["sqs:ReceiveMessage"]]]);
    expect(map("SQS.amazonaws.com", "sendmessage", operations)).toMatchObject({
      service: "sqs",
      actions: ["sqs:SendMessage"],
      via: "exact",
      source: "",
    });
  });
});

describe("what events stand for", () => {
  test.each([
    ["s3", "ListObjectsV2", "table s3:ListBucket"],
    ["s3", "ListBuckets", "table s3:ListAllMyBuckets"],
    ["s3", "GetBucketCors", "exact s3:GetBucketCORS"],
    ["s3", "DeleteBucketEncryption", "table s3:PutEncryptionConfiguration"],
    ["s3", "GetObject", "exact s3:GetObject"],
    ["s3", "UploadPartCopy", "table s3:PutObject s3:GetObject s3:GetObjectVersion"],
    ["s3express", "PutObject", "table s3express:CreateSession"],
    ["lambda", "Invoke", "table lambda:InvokeFunction"],
    ["lambda", "Invoke20150331", "suffix lambda:InvokeFunction"],
    ["lambda", "ListFunctions20150331", "suffix lambda:ListFunctions"],
    ["lambda", "GetFunction20150331v2", "suffix lambda:GetFunction"],
    ["lambda", "UpdateFunctionCode20150331v2", "suffix lambda:UpdateFunctionCode"],
    ["cloudfront", "CreateDistribution2020_05_31", "suffix cloudfront:CreateDistribution"],
    [
      "cloudfront",
      "CreateDistributionWithTags2020_05_31",
      "suffix cloudfront:CreateDistribution cloudfront:TagResource",
    ],
    ["monitoring", "PutMetricData", "exact cloudwatch:PutMetricData"],
    ["tagging", "GetResources", "exact tag:GetResources"],
    ["streams.dynamodb", "GetRecords", "exact dynamodb:GetRecords"],
    ["dynamodb", "TransactGetItems", "table dynamodb:GetItem"],
    [
      "dynamodb",
      "ExecuteStatement",
      "table dynamodb:PartiQLSelect dynamodb:PartiQLInsert dynamodb:PartiQLUpdate dynamodb:PartiQLDelete",
    ],
    ["kms", "ReEncrypt", "table kms:ReEncryptFrom kms:ReEncryptTo"],
    ["sqs", "SendMessageBatch", "table sqs:SendMessage"],
    ["sns", "PublishBatch", "table sns:Publish"],
    ["bedrock", "Converse", "table bedrock:InvokeModel"],
    ["apigateway", "CreateRestApi", "table apigateway:POST"],
    ["apigateway", "GetRestApis", "table apigateway:GET"],
    ["apigateway", "UpdateStage", "table apigateway:PATCH"],
    ["apigateway", "PutIntegration", "table apigateway:PUT"],
    ["apigateway", "DeleteDeployment", "table apigateway:DELETE"],
    ["apigateway", "FlushStageCache", "table apigateway:DELETE"],
    ["apigateway", "CreatePortal", "exact apigateway:CreatePortal"],
    ["access-analyzer", "ListFindingsV2", "table access-analyzer:ListFindings"],
    ["email", "SendEmail", "exact ses:SendEmail"],
    ["api.ecr", "GetAuthorizationToken", "exact ecr:GetAuthorizationToken"],
    ["ec2.eu-central-1", "DescribeInstances", "exact ec2:DescribeInstances"],
    ["entitlement.marketplace", "GetEntitlements", "exact aws-marketplace:GetEntitlements"],
  ])("%s %s", (source, name, expected) => {
    expect(told(source, name)).toBe(expected);
  });

  test("a source of several services: the one that has the name, or all that have it", () => {
    expect(told("autoscaling", "CreateAutoScalingGroup")).toBe("exact autoscaling:CreateAutoScalingGroup");
    expect(told("autoscaling", "RegisterScalableTarget")).toBe("exact application-autoscaling:RegisterScalableTarget");
    expect(map("autoscaling.amazonaws.com", "RegisterScalableTarget").service).toBe("application-autoscaling");
    expect(told("autoscaling", "DescribeScalingActivities")).toBe(
      "exact autoscaling:DescribeScalingActivities application-autoscaling:DescribeScalingActivities",
    );
  });

  test("China's hosts", () => {
    expect(map("s3.amazonaws.com.cn", "ListObjects").actions).toEqual(["s3:ListBucket"]);
    expect(map("ec2.cn-north-1.amazonaws.com.cn", "RunInstances").actions[0]).toBe("ec2:RunInstances");
  });

  test("the service reference, where the tables say nothing", () => {
    const operations: Operations = new Map([
      ["s3:newoperation", ["s3:GetObject", "kms:Decrypt", "s3:NotInTheCatalog"]],
      ["s3:otheroperation", ["s3:NotInTheCatalog"]],
      ["s3:listobjectsv2", ["s3:GetObject"]],
    ]);
    const newOperation = { service: "s3", actions: ["s3:GetObject", "kms:Decrypt"], source: "" };
    expect(map("s3.amazonaws.com", "NewOperation", operations)).toMatchObject({ ...newOperation, via: "operation" });
    expect(map("s3.amazonaws.com", "NewOperationV2", operations)).toMatchObject({ ...newOperation, via: "suffix" });
    expect(map("s3.amazonaws.com", "OtherOperation", operations).via).toBe("unmapped");
    expect(map("s3.amazonaws.com", "ListObjectsV2", operations).actions).toEqual(["s3:ListBucket"]);
  });
});

describe("the services that something of was used", () => {
  test.each([
    ["s3.amazonaws.com", "NoSuchOperation", ["s3"]],
    ["newservice.amazonaws.com", "NewThing", ["newservice"]],
    ["autoscaling.amazonaws.com", "NoSuchOperation", ["autoscaling", "application-autoscaling", "autoscaling-plans"]],
    [
      "autoscaling.amazonaws.com",
      "CreateAutoScalingGroup",
      ["autoscaling", "application-autoscaling", "autoscaling-plans"],
    ],
  ])("%s %s: all that the source may stand for, in the catalog or not", (source, name, services) => {
    expect([...map(source, name).services].sort()).toEqual([...services].sort());
  });
});

describe("nothing is guessed", () => {
  test.each([
    ["s3.amazonaws.com", "NoSuchOperation", "s3"],
    ["s3.amazonaws.com", "NoSuchOperation20200101", "s3"],
    ["s3.amazonaws.com", "GetObject2", "s3"],
    ["signin.amazonaws.com", "ConsoleLogin", "signin"],
    ["apigateway.amazonaws.com", "Getaway", "apigateway"],
    ["apigateway.amazonaws.com", "Invoke", "apigateway"],
    ["nosuchservice.amazonaws.com", "GetObject", null],
    ["discovery.nosuchhost.amazonaws.com", "StartExport", null],
    ["s3.evil.example", "GetObject", null],
    ["__proto__.amazonaws.com", "constructor", null],
    ["", "", null],
  ])("%s %s", (source, name, service) => {
    expect(map(source, name)).toMatchObject({ service, actions: [], via: "unmapped", source: "" });
  });

  test("a catalog of a few actions gives only those", () => {
    const small = knownOf(["s3:GetObject", "S3:PutObject"]);
    expect(mapEvent(small, NONE, "s3.amazonaws.com", "CopyObject").actions).toEqual(["S3:PutObject", "s3:GetObject"]);
    expect(mapEvent(small, NONE, "s3.amazonaws.com", "ListBuckets").via).toBe("unmapped");
    expect(mapEvent(small, NONE, "sqs.amazonaws.com", "SendMessage").service).toBeNull();
  });

  const source = fc.oneof(
    fc.constantFrom(...EVENT_SOURCES.map(({ host }) => host), ...ROWS.map(({ service }) => service)),
    fc.string(),
  );
  const name = fc.oneof(
    fc.constantFrom(...ROWS.map(({ event }) => event), ...ACTIONS.map((action) => action.split(":")[1] ?? "")),
    fc.string(),
  );
  const end = fc.constantFrom("", "V2", "v2", "2", "20150331", "20150331v2", "2020_05_31", "_20150331");

  test("whatever comes out is in the catalog, each action once, and an action came out unless it says unmapped", () => {
    const halfTheCatalog = knownOf(ACTIONS.filter((_, index) => index % 2 === 0));
    const operations: Operations = new Map([["s3:x", ["s3:GetObject", "x:y", ":", ""]]]);
    fc.assert(
      fc.property(fc.constantFrom(CATALOG, halfTheCatalog), source, name, end, (known, host, event, suffix) => {
        const mapped = mapEvent(known, operations, `${host}.amazonaws.com`, event + suffix);
        for (const action of mapped.actions) {
          const colon = action.indexOf(":");
          expect(known.find(action.slice(0, colon), action.slice(colon + 1))).toBe(action);
        }
        expect(new Set(mapped.actions).size).toBe(mapped.actions.length);
        expect(mapped.actions.length === 0).toBe(mapped.via === "unmapped");
        expect(mapped.service === null || known.hasService(mapped.service)).toBe(true);
      }),
      { numRuns: 5000, seed: 20_260_927 },
    );
  });
});
