import type { Draft } from "../draft.ts";
import { isObject } from "../fields.ts";
import { isValue, parse } from "../json.ts";
import type { LeftOut, TrailReader } from "./trail-reader.ts";

/** CloudTrail log files, single records, `aws cloudtrail lookup-events`, and records that EventBridge passed on. */
const KIND = "CloudTrail records";

/**
 * Whether a value holds CloudTrail records.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function isTrail(value: unknown): value is Record<string, unknown> {
  return (
    isObject(value) &&
    (Array.isArray(value["Records"]) || isRecord(value) || isLookedUp(value) || isLookup(value) || isPassedOn(value))
  );
}

/** Counts the records of a value that `isTrail` knows. */
export function readTrail(draft: Draft, value: Record<string, unknown>, pointer: string): void {
  draft.recognised(KIND);
  const { trail } = draft;
  if (Array.isArray(value["Records"])) {
    readRecords(draft, value["Records"], `${pointer}/Records`, 0);
  } else if (isLookup(value)) {
    const events = value["Events"] as readonly unknown[]; // isLookup has looked
    events.forEach((event, index) => readLookedUp(trail, event, `${pointer}/Events/${index}`));
  } else if (isLookedUp(value)) {
    readLookedUp(trail, value, pointer);
  } else {
    trail.read(isPassedOn(value) ? value["detail"] : value, () => pointer);
  }
}

/**
 * Counts records of a log file.
 *
 * @param place their list's
 * @param first the number of the first of them
 */
export function readRecords(draft: Draft, records: readonly unknown[], place: string, first: number): void {
  draft.recognised(KIND);
  for (let index = 0; index < records.length; index++)
    draft.trail.read(records[index], () => `${place}/${first + index}`);
}

/** Whether a value is one of the digests that lie beside log files. They hold hashes, no events. */
export function isTrailDigest(value: unknown): boolean {
  return isObject(value) && "digestS3Bucket" in value && Array.isArray(value["logFiles"]);
}

export function readTrailDigest(draft: Draft): void {
  draft.recognised("CloudTrail digest"); // no diagnostic: a trail has one an hour for each Region
}

/** What is said of a file's records in the end, in one diagnostic a fault. */
export function finishTrail(draft: Draft): void {
  const { wrongShapes, badNames } = draft.trail;
  for (const event of draft.trail.events()) draft.events.push(event);
  if (wrongShapes.records > 0) {
    const message = `${counted(wrongShapes)} not of the shape of CloudTrail's`;
    draft.refuse("wrong-shape", wrongShapes.first, message, "they are left out; copy the log file again");
  }
  if (badNames.records > 0) {
    const message = `${counted(badNames)} of an event whose name cannot be one`;
    draft.refuse("bad-event-name", badNames.first, message, "they are left out; copy the log file again");
  }
}

function counted({ records }: LeftOut): string {
  return records === 1 ? "a record is" : `${records} records, the first of them here, are`;
}

function isRecord(value: Record<string, unknown>): boolean {
  return "eventSource" in value && "eventName" in value && "eventTime" in value;
}

/** One event of `lookup-events`: the record itself is JSON text. */
function isLookedUp(value: unknown): value is { readonly CloudTrailEvent: string } {
  return isObject(value) && typeof value["CloudTrailEvent"] === "string";
}

function isLookup(value: Record<string, unknown>): boolean {
  const events = value["Events"];
  return Array.isArray(events) && (events.length === 0 || events.some(isLookedUp));
}

/** `AWS API Call via CloudTrail`, `AWS Service Event via CloudTrail` and such. */
function isPassedOn(value: Record<string, unknown>): boolean {
  const type = value["detail-type"];
  return typeof type === "string" && type.endsWith(" via CloudTrail") && isObject(value["detail"]);
}

function readLookedUp(trail: TrailReader, event: unknown, pointer: string): void {
  const place = (): string => `${pointer}/CloudTrailEvent`;
  trail.read(isLookedUp(event) ? parsed(event.CloudTrailEvent) : undefined, place);
}

/** A text's JSON; undefined for what is none or has a key twice, which is no record: it counts as one of a wrong shape, with its place. */
function parsed(text: string): unknown {
  const result = parse(text);
  return isValue(result) ? result.value : undefined;
}
