// @ts-check
/** What was counted at each look, and how fast it went in between. */

/** Looks kept: ten minutes of one each two seconds. */
const KEPT = 300;

/**
 * @typedef {{node: string, time: number, connections: number, channels: number, entries: number, behind: number, gaps: number, memory: number,
 *   open: Array<{connection: string, user: string, name: string, since: number}>, active: Array<{channel: string, seq: number}>}} Report
 */

export class Rates {
  /** @type {Map<string, Report>} */
  #last = new Map();
  /** @type {number[]} */
  entries = [];
  /** @type {number[]} */
  connections = [];

  /** @param {Report[]} reports one of each instance */
  take(reports) {
    let rate = 0;
    for (const report of reports) {
      const before = this.#last.get(report.node);
      const seconds = before ? (report.time - before.time) / 1_000 : 0;
      // An instance that is new, or was restarted, has no past to compare with.
      rate += before && seconds > 0 && report.entries >= before.entries ? (report.entries - before.entries) / seconds : 0;
    }
    const known = this.#last.size > 0;
    this.#last = new Map(reports.map((report) => [report.node, report]));
    this.entries = known ? [...this.entries, rate].slice(-KEPT) : [];
    this.connections = [...this.connections, reports.reduce((sum, { connections }) => sum + connections, 0)].slice(-KEPT);
  }

  get rate() {
    return this.entries.at(-1) ?? 0;
  }

  /** The highest of those kept. */
  get peak() {
    return Math.max(0, ...this.entries);
  }
}

/** What the channel of a group begins with. */
export const GROUP = "group/";

/**
 * Channels of all instances, each once with its highest place and who has it.
 * @param {Report[]} reports
 */
export function channelsOf(reports) {
  /** @type {Map<string, {channel: string, seq: number, nodes: string[]}>} */
  const all = new Map();
  for (const { node, active } of reports) {
    for (const { channel, seq } of active) {
      const known = all.get(channel);
      all.set(channel, { channel, seq: Math.max(seq, known?.seq || 0), nodes: [...(known?.nodes || []), node] });
    }
  }
  return [...all.values()];
}
