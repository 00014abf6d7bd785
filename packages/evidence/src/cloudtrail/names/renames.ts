import { API_GATEWAY_RENAMES } from "./api-gateway.ts";
import { S3_RENAMES } from "./renames-s3.ts";
import type { Renames } from "./rename.ts";

const AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference";
const IAM_DATASET = "https://github.com/iann0036/iam-dataset/blob/main/aws/map.json"; // MIT

const PARTIQL = "PartiQLSelect PartiQLInsert PartiQLUpdate PartiQLDelete";

/** All tables of renamed events. The order has no meaning. */
export const RENAMES: readonly Renames[] = [
  ...S3_RENAMES,
  ...API_GATEWAY_RENAMES,
  {
    service: "lambda",
    source: "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
    events: { Invoke: "InvokeFunction", InvokeWithResponseStream: "InvokeFunction" },
  },
  {
    service: "lambda",
    source: "https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionByArn.html",
    events: { GetLayerVersionByArn: "GetLayerVersion" },
  },
  {
    service: "dynamodb",
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html",
    events: { ExecuteStatement: PARTIQL, BatchExecuteStatement: PARTIQL, ExecuteTransaction: PARTIQL },
  },
  {
    service: "dynamodb",
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html",
    events: { TransactGetItems: "GetItem", TransactWriteItems: "PutItem UpdateItem DeleteItem ConditionCheckItem" },
  },
  {
    service: "sqs",
    source:
      "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html",
    events: {
      SendMessageBatch: "SendMessage",
      DeleteMessageBatch: "DeleteMessage",
      ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
    },
  },
  {
    service: "sns",
    source: "https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html",
    events: { PublishBatch: "Publish" },
  },
  {
    service: "kms",
    source: "https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html",
    events: { ReEncrypt: "ReEncryptFrom ReEncryptTo" },
  },
  {
    service: "cloudfront",
    source: "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistributionWithTags.html",
    events: { CreateDistributionWithTags: "CreateDistribution TagResource" },
  },
  {
    service: "bedrock",
    source: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html",
    events: { Converse: "InvokeModel" },
  },
  {
    service: "bedrock",
    source: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html",
    events: { ConverseStream: "InvokeModelWithResponseStream" },
  },
  {
    service: "bedrock",
    source: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_StartAsyncInvoke.html",
    events: { StartAsyncInvoke: "InvokeModel" },
  },
  {
    service: "timestream",
    source: IAM_DATASET,
    events: { Query: "Select SelectValues ListDatabases ListTables ListMeasures DescribeTable" },
  },
  {
    service: "budgets",
    source: `${AUTHORIZATION}/list_awsbudgetservice.html`,
    events: {
      CreateBudget: "ModifyBudget",
      UpdateBudget: "ModifyBudget",
      DeleteBudget: "ModifyBudget",
      CreateNotification: "ModifyBudget",
      UpdateNotification: "ModifyBudget",
      DeleteNotification: "ModifyBudget",
      CreateSubscriber: "ModifyBudget",
      UpdateSubscriber: "ModifyBudget",
      DeleteSubscriber: "ModifyBudget",
      DescribeBudget: "ViewBudget",
      DescribeBudgets: "ViewBudget",
      DescribeBudgetPerformanceHistory: "ViewBudget",
      DescribeBudgetNotificationsForAccount: "ViewBudget",
      DescribeNotificationsForBudget: "ViewBudget",
      DescribeSubscribersForNotification: "ViewBudget",
    },
  },
  {
    service: "cassandra",
    source: `${AUTHORIZATION}/list_amazonkeyspacesforapachecassandra.html`,
    events: {
      CreateKeyspace: "Create CreateMultiRegionResource",
      CreateTable: "Create CreateMultiRegionResource",
      CreateType: "Create CreateMultiRegionResource",
      AlterKeyspace: "Alter AlterMultiRegionResource",
      AlterTable: "Alter AlterMultiRegionResource",
      UpdateKeyspace: "Alter AlterMultiRegionResource",
      UpdateTable: "Alter AlterMultiRegionResource",
      DropKeyspace: "Drop DropMultiRegionResource",
      DropTable: "Drop DropMultiRegionResource",
      DropType: "Drop DropMultiRegionResource",
      DeleteKeyspace: "Drop DropMultiRegionResource",
      DeleteTable: "Drop DropMultiRegionResource",
      DeleteType: "Drop DropMultiRegionResource",
      GetKeyspace: "Select SelectMultiRegionResource",
      GetTable: "Select SelectMultiRegionResource",
      GetType: "Select SelectMultiRegionResource",
      ListKeyspaces: "Select SelectMultiRegionResource",
      ListTables: "Select SelectMultiRegionResource",
      ListTypes: "Select SelectMultiRegionResource",
      ListTagsForResource: "Select SelectMultiRegionResource",
      RestoreTable: "Restore RestoreMultiRegionTable",
      Insert: "Modify ModifyMultiRegionResource",
      Update: "Modify ModifyMultiRegionResource",
      Delete: "Modify ModifyMultiRegionResource",
    },
  },
  {
    service: "access-analyzer",
    source: `${AUTHORIZATION}/list_awsiamaccessanalyzer.html`,
    events: { GetFindingV2: "GetFinding", ListFindingsV2: "ListFindings" },
  },
];
