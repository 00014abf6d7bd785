import { REPORT_ID, type Report } from "@leastwise/api";
import type { Client } from "./client.ts";
import { reportClient } from "./report-client.ts";
import { serverClient } from "./server-client.ts";

/** The one whom this page asks: what is recorded in it, where it is a report, or the program that serves it. */
export const client: Client = openClient();

function openClient(): Client {
  const text = document.getElementById(REPORT_ID)?.textContent;
  return text === undefined || text === null ? serverClient() : reportClient(JSON.parse(text) as Report); // `leastwise report` wrote it
}
