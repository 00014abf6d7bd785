/** An event source whose name is not the prefix of its service in IAM. */
export interface EventSource {
  /** What stands before `.amazonaws.com`. */
  readonly host: string;
  /** The prefixes, parted by spaces. Of several, all that have an action of the event's name are meant: the event does not tell. */
  readonly services: string;
  readonly source: string;
}

const RECORD =
  "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html";
const APPLICATION_SCALING =
  "https://docs.aws.amazon.com/autoscaling/application/userguide/logging-using-cloudtrail.html";
const TRAILSCRAPER = "https://github.com/flosell/trailscraper/blob/master/trailscraper/cloudtrail.py"; // Apache-2.0
const IAM_DATASET = "https://github.com/iann0036/iam-dataset/blob/main/aws/map.json"; // MIT
const ENDPOINTS = "https://docs.aws.amazon.com/general/latest/gr";

export const EVENT_SOURCES: readonly EventSource[] = [
  { host: "monitoring", services: "cloudwatch", source: RECORD },
  {
    host: "autoscaling",
    services: "autoscaling application-autoscaling autoscaling-plans",
    source: APPLICATION_SCALING,
  },
  { host: "tagging", services: "tag", source: TRAILSCRAPER },
  { host: "streams.dynamodb", services: "dynamodb", source: TRAILSCRAPER },
  { host: "models.lex", services: "lex", source: TRAILSCRAPER },
  { host: "runtime.lex", services: "lex", source: TRAILSCRAPER },
  { host: "models-v2-lex", services: "lex", source: `${ENDPOINTS}/lex.html` },
  { host: "runtime-v2-lex", services: "lex", source: `${ENDPOINTS}/lex.html` },
  { host: "lexv2", services: "lex", source: "https://docs.aws.amazon.com/lexv2/latest/dg/monitoring-cloudtrail.html" },
  { host: "appstream2", services: "appstream", source: TRAILSCRAPER },
  { host: "mturk-requester", services: "mechanicalturk", source: TRAILSCRAPER },
  { host: "email", services: "ses", source: `${ENDPOINTS}/ses.html` },
  { host: "metering.marketplace", services: "aws-marketplace", source: `${ENDPOINTS}/aws-marketplace.html` },
  { host: "metering-marketplace", services: "aws-marketplace", source: `${ENDPOINTS}/aws-marketplace.html` },
  { host: "entitlement.marketplace", services: "aws-marketplace", source: `${ENDPOINTS}/aws-marketplace.html` },
  { host: "entitlement-marketplace", services: "aws-marketplace", source: `${ENDPOINTS}/aws-marketplace.html` },
  { host: "catalog.marketplace", services: "aws-marketplace", source: `${ENDPOINTS}/aws-marketplace.html` },
  { host: "marketplacecatalog", services: "aws-marketplace", source: IAM_DATASET },
  { host: "agreement-marketplace", services: "aws-marketplace", source: IAM_DATASET },
  { host: "discovery-marketplace", services: "aws-marketplace", source: IAM_DATASET },
  { host: "reporting-marketplace", services: "aws-marketplace", source: IAM_DATASET },
  { host: "management-marketplace", services: "aws-marketplace-management", source: IAM_DATASET },
  { host: "amazonmq", services: "mq", source: IAM_DATASET },
  { host: "application-insights", services: "applicationinsights", source: IAM_DATASET },
  { host: "appconfigdata", services: "appconfig", source: `${ENDPOINTS}/appconfig.html` },
  { host: "billingconsole", services: "billing", source: IAM_DATASET },
  { host: "chime-sdk-media-pipelines", services: "chime", source: IAM_DATASET },
  { host: "chime-sdk-voice", services: "chime", source: IAM_DATASET },
  { host: "cloudcontrolapi", services: "cloudformation", source: IAM_DATASET },
  { host: "contact-lens", services: "connect", source: IAM_DATASET },
  { host: "participant-connect", services: "connect", source: IAM_DATASET },
  { host: "migrationhub", services: "mgh", source: IAM_DATASET },
  { host: "opensearchservice", services: "es", source: IAM_DATASET },
  { host: "pinpoint", services: "mobiletargeting", source: IAM_DATASET },
  { host: "pricelist", services: "pricing", source: IAM_DATASET },
  { host: "api.pricing", services: "pricing", source: `${ENDPOINTS}/billing.html` },
  { host: "qconnect", services: "wisdom", source: IAM_DATASET },
  { host: "rdsdata", services: "rds-data", source: IAM_DATASET },
  { host: "servicecatalog-appregistry", services: "servicecatalog", source: IAM_DATASET },
  { host: "taxconsole", services: "tax", source: IAM_DATASET },
  { host: "transcribestreaming", services: "transcribe", source: IAM_DATASET },
  {
    host: "bedrock-runtime",
    services: "bedrock",
    source: "https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html",
  },
  {
    host: "bedrock-agent-runtime",
    services: "bedrock",
    source: "https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html",
  },
  {
    host: "bedrock-agent",
    services: "bedrock",
    source: "https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html",
  },
];
