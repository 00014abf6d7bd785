import type { Renames } from "./rename.ts";

/** API Gateway's permissions are HTTP methods on paths. What an operation's method is, its API reference says. */
export const API_GATEWAY = "apigateway";

/** Methods by the first word of an operation's name, where the reference knows no exception. */
export interface Verb {
  readonly verb: string;
  readonly action: string;
  readonly source: string;
}

const REFERENCE = "https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html";

export const API_GATEWAY_VERBS: readonly Verb[] = [
  { verb: "Create", action: "POST", source: REFERENCE },
  { verb: "Get", action: "GET", source: REFERENCE },
  { verb: "Update", action: "PATCH", source: REFERENCE },
  { verb: "Put", action: "PUT", source: REFERENCE },
  { verb: "Delete", action: "DELETE", source: REFERENCE },
];

/** Operations whose first word does not tell their method. */
export const API_GATEWAY_RENAMES: readonly Renames[] = [
  {
    service: API_GATEWAY,
    source: REFERENCE,
    events: {
      FlushStageAuthorizersCache: "DELETE",
      FlushStageCache: "DELETE",
      GenerateClientCertificate: "POST",
      ImportApiKeys: "POST",
      ImportDocumentationParts: "PUT",
      ImportRestApi: "POST",
      TestInvokeAuthorizer: "POST",
      TestInvokeMethod: "POST",
      UntagResource: "DELETE",
    },
  },
  {
    service: API_GATEWAY,
    source: "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/operations.html",
    events: {
      ExportApi: "GET",
      ImportApi: "PUT",
      ReimportApi: "PUT",
      ResetAuthorizersCache: "DELETE",
      TagResource: "PUT POST", // the older API's method and this one's
    },
  },
];
