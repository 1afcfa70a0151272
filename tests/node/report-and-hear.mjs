// Another city's engineer at work: reports a case over NATS and hears what becomes of it, knowing
// nothing of us but the published JSON Schemas.
//
// node report-and-hear.mjs SCHEMAS_FOLDER REPORT_URL HEAR_URL CASE
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [schemas, reportUrl, hearUrl, number] = process.argv.slice(2);
const WAIT_MS = 30_000;

async function validator(name) {
  const ajv = addFormats(new Ajv({ strict: false }));
  return ajv.compile(JSON.parse(await readFile(join(schemas, `${name}.json`), "utf8")));
}

async function connected(url) {
  const { hostname, port, username: user, password: pass } = new URL(url);
  const servers = `${hostname}:${port}`;
  return await connect({ servers, user, pass, inboxPrefix: `_INBOX_${user}` });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

// a CloudEvent, on a subject whose last two words are the unit and the case
const type = "xiaoneng.approvals.case-accepted.v1";
const accepted = {
  specversion: "1.0",
  id: `from-node-${number}`,
  source: "/wuhu/administrative-approval",
  type,
  time: "2026-03-02T10:00:00+08:00",
  data: {
    case: number,
    unit: "housing",
    item: "A1",
    stated_limit: { amount: 5, unit: "working-days" },
  },
};
const isReport = await validator("approvals.case-accepted.v1");
if (!isReport(accepted)) fail(JSON.stringify(isReport.errors));

const reporter = await connected(reportUrl);
const subject = `city.approvals.approvals.case-accepted.v1.housing.${number}`;
const { seq } = await jetstream(reporter).publish(subject, JSON.stringify(accepted));
console.error(`reported as message ${seq}`);
await reporter.drain();

const listener = await connected(hearUrl);
const consumer = await jetstream(listener).consumers.get("SUPERVISION", "newsroom");
const isBreach = await validator("supervision.deadline-breached.v1");
const timer = setTimeout(() => fail("no judgement came"), WAIT_MS);
for await (const message of await consumer.consume()) {
  const event = message.json();
  message.ack();
  if (event.data.case !== number || !event.type.includes("deadline-breached")) continue;
  if (!isBreach(event)) fail(JSON.stringify(isBreach.errors));
  console.log(JSON.stringify(event));
  if (event.data.level === "red") break;
}
clearTimeout(timer);
await listener.close();
process.exit(0);
