/** Everyone, a group, all devices of a user, or one connection. Exactly one of them. */
export type Address = { all: true } | { group: string } | { user: string } | { connection: string };

/** A place in a channel's log. `epoch` is compared only for equality; `seq` counts from 1. */
export interface Cursor {
  epoch: string;
  seq: number;
}

export interface Ref {
  messageId: string;
  kind: "reply" | "edit" | "delete" | "reaction";
}

export interface Message<T = unknown> {
  type: "message";
  /** `all`, `group/<name>`, `user/<id>` or `connection/<id>`. */
  channel: string;
  /** Absent, like `epoch`, for volatile messages and those to one connection. */
  seq?: number;
  epoch?: string;
  to: Address;
  from: { user: string; name: string; connection?: string } | { service: string };
  messageId: string;
  event: string;
  /** Milliseconds since 1970 by the server's clock. For showing only: order is by `seq`. */
  time: number;
  data: T;
  ref?: Ref;
}

export interface SendAck {
  messageId: string;
  channel: string;
  seq?: number;
  epoch?: string;
  time: number;
  /** True when an earlier try had arrived; it was delivered once. */
  duplicate: boolean;
}

export interface Welcome {
  connection: string;
  user: { id: string; name: string };
  node: string;
  channels: Array<Cursor & { channel: string; read?: number; role?: string; recovered?: boolean; error?: string }>;
  /** Milliseconds. */
  ping: { interval: number; timeout: number };
  /** Sizes in bytes of UTF-8. */
  limits: {
    frame: number;
    message: number;
    sendsPerSecond: number;
    sendBurst: number;
    inFlight: number;
    groups: number;
  };
  time: number;
  expires?: number;
  /** Given to a guest who came without one: the identity to come back with. */
  token?: string;
}

export type State = "disconnected" | "connecting" | "connected";

export interface StateChange {
  state: State;
  /** With `connected`. */
  welcome?: Welcome;
  /** With `connecting`, while waiting: when the next try begins, by this machine's clock. */
  retryAt?: number;
  /** The close code that led here. */
  code?: number;
  /** With `disconnected`: why. */
  error?: ParleyError;
}

export interface Events {
  state: StateChange;
  /** Each entry once, in the order of its channel. */
  message: Message<any>;
  /** Entries `from` to `to` of a channel can no longer be had. `epoch`: the channel's log was begun anew. */
  gap: { channel: string; epoch: string; from: number; to: number; reason: "expired" | "epoch" };
  presence: { group: string; user?: string; name?: string; state?: "joined" | "left" | "updated"; count?: number };
  typing: { to: Address; user: string; name: string; active: boolean };
  receipt: { channel: string; user: string; seq: number };
  membership: { group: string; state: "added" | "removed" | "role"; role?: string; epoch: string; seq: number };
  /** After each welcome: all that was missed has been given out. */
  synced: Welcome;
  /** What no promise tells: errors without a request, refused channels, a failing getToken. */
  error: unknown;
}

export class ParleyError extends Error {
  constructor(error: { code: string; detail?: string; retryable?: boolean; retryAfter?: number });
  /** One of the protocol's, or `disconnected`, `timeout`, `queue_full`, `closed`. */
  code: string;
  retryable: boolean;
  /** Milliseconds. */
  retryAfter?: number;
}

export interface Options {
  /**
   * Asked at each connecting, before a token expires (`expiring`), and once after one was refused (`rejected`).
   * Without it a guest's token from `welcome` is kept in `storage`.
   */
  getToken?: (reason: "connect" | "expiring" | "rejected") => string | null | undefined | Promise<string | null | undefined>;
  /** The first ceiling of the random pause between tries, doubled with each. Milliseconds, default 500. */
  minReconnectDelay?: number;
  /** The last ceiling. Milliseconds, default 20,000. */
  maxReconnectDelay?: number;
  /** For an answer, and for a connection to come about. Milliseconds, default 10,000. */
  timeout?: number;
  /** Requests that may wait; one more is rejected with `queue_full`. Default 200. */
  maxQueue?: number;
  /** Keeps cursors, and a guest's token, over a reload: `sessionStorage`, or something like it. */
  storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  client?: { name: string; version: string };
  /** For tests. */
  clock?: { now(): number; setTimeout(task: () => void, delay: number): unknown; clearTimeout(timer: unknown): void };
  random?: () => number;
  socket?: (url: string, protocol: string) => WebSocket;
}

/** A connection to a hub that comes back by itself. */
export class Parley {
  constructor(url: string, options?: Options);

  readonly state: State;
  readonly welcome: Welcome | null;

  /**
   * Begins, and keeps trying. Resolves at the first welcome; rejects when the hub refuses for good. Called again during a
   * pause between tries, it tries at once.
   */
  connect(): Promise<Welcome>;

  /** Ends. What still waits is rejected with `disconnected`. */
  disconnect(): void;

  /** @returns ends the subscription */
  on<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): () => void;

  /**
   * Resolves when the hub has the message for good. Waits while offline, and is sent again after a reconnect: its
   * messageId keeps it from arriving twice. A `volatile` one does neither, and its ack has no `seq`.
   * After `timeout` it is rejected, and may have arrived all the same: try again with the same messageId.
   */
  send(
    to: Address,
    data: unknown,
    options?: { event?: string; messageId?: string; echo?: boolean; volatile?: boolean; except?: string[]; ref?: Ref },
  ): Promise<SendAck>;

  /** Followed again after each reconnect by itself, from where it was. */
  join(
    group: string,
    options?: { since?: Cursor | { last: number } },
  ): Promise<{ group: string; epoch: string; seq: number; role?: string; members?: number }>;
  leave(group: string): Promise<void>;
  /** Owners and moderators: makes a user a member of a durable group, or changes the member's role. */
  putMember(group: string, user: string, role?: "member" | "moderator" | "owner"): Promise<void>;
  /** Owners and moderators: ends a user's membership of a durable group. */
  removeMember(group: string, user: string): Promise<void>;
  /** A page by user id; give `next` as `cursor` to go on. `limit` 1–200, default 50. */
  members(
    group: string,
    page?: { cursor?: string; limit?: number },
  ): Promise<{
    members: Array<{ user: string; name?: string; role: "member" | "moderator" | "owner"; since: number }>;
    count: number;
    next?: string;
  }>;

  /** A page in rising `seq`: the newest, or that before or after a `seq`. `limit` 1–200, default 50. */
  history(
    channel: string,
    page?: { before?: number; after?: number; limit?: number },
  ): Promise<{ messages: Message<any>[]; more: boolean }>;

  presence(group: string): Promise<{
    users: Array<{ user: string; name: string; devices: number; since: number }>;
    count: number;
    more?: boolean;
  }>;

  /** Waits while offline; of several for a channel only the last is sent. */
  read(channel: string, seq: number): Promise<void>;

  /** Told to others while connected, else nothing. Call at most each 3 s while typing goes on. */
  typing(to: Address, active?: boolean): void;

  /** Any other request of the protocol; rejected at once while offline. Resolves with the fields of its ack. */
  request(type: string, fields?: Record<string, unknown>): Promise<any>;
}

/** A UUIDv7, for a messageId of one's own. */
export function newMessageId(now?: number): string;
