// What others need for one report with the rules of bench_rules(): microseconds of processor time of json-rules-engine and of
// zen-engine (GoRules, native code), for 10 and for 10,000 rules. Lines `name rules microseconds`. The type is given as the value
// that the rules name, so that equality is enough; finding what a type is below of is left out.
const { Engine } = require("json-rules-engine");
const { ZenEngine } = require("@gorules/zen-engine");

const DISTRICTS = ["110101", "110102", "110105", "110106", "110107", "110108", "110109", "110111", "110112", "110113", "110114", "110115",
  "110116", "110117", "110118", "110119"];
const fact = (n) => ({ type: `B${n % 1000 + 1000}`, division: DISTRICTS[n % 16], level: n % 3 + 1 });

function jsonRules(count) {
  const engine = new Engine();
  for (let n = 1; n <= count; n++) {
    const conditions = Object.entries(fact(n)).map(([name, value]) => ({ fact: name, operator: "equal", value }));
    engine.addRule({ conditions: { all: conditions }, event: { type: "set", params: { level: 1 } }, priority: 1 });
  }
  return async (report) => (await engine.run(report)).events.length;
}

function zenTable(count) {
  const column = (name) => ({ id: name, name, field: name, type: "expression" });
  const rules = [];
  for (let n = 1; n <= count; n++) {
    const { type, division, level } = fact(n);
    rules.push({ _id: `r${n}`, type: `"${type}"`, division: `"${division}"`, level: `${level}`, set: "1" });
  }
  const node = (id, type, content) => ({ id, type, name: id, position: { x: 0, y: 0 }, content });
  const edge = (from, to) => ({ id: from + to, sourceId: from, targetId: to, type: "edge" });
  const table = { hitPolicy: "collect", rules, inputs: ["type", "division", "level"].map(column), outputs: [column("set")] };
  const model = { contentType: "application/vnd.gorules.decision", nodes: [node("in", "inputNode"), node("table", "decisionTableNode", table), node("out", "outputNode")],
    edges: [edge("in", "table"), edge("table", "out")] };
  const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify(model)));
  return async (report) => (await decision.evaluate(report)).result.length;
}

async function measure(name, count, judge) {
  let calls = 0;
  let matched = await judge(fact(1));
  if (matched < 1) throw new Error(`${name}: nothing matches`);
  const begin = process.cpuUsage();
  const until = Date.now() + 3000;
  do matched += await judge(fact(calls++ % count + 1)); while (Date.now() < until);
  const used = process.cpuUsage(begin);
  console.log(`${name} ${count} ${((used.user + used.system) / calls).toFixed(2)}`);
}

(async () => {
  for (const count of [10, 10000]) {
    await measure("json-rules-engine", count, jsonRules(count));
    await measure("zen-engine", count, zenTable(count));
  }
})();
