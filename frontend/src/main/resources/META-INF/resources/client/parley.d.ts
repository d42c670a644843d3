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
  /** Where the earlier message stands; the hub sets it in an edit or a deletion in a durable group. Fold by it where it is there. */
  seq?: number;
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
  /** Users whom it is meant to catch the eye of. */
  mentions?: string[];
}

/** What a chat shows of a durable group before it is opened. */
export interface Conversation {
  group: string;
  role?: "member" | "moderator" | "owner";
  title?: string;
  topic?: string;
  /** How many there are. */
  members: number;
  epoch: string;
  /** The last entry. */
  seq: number;
  read?: number;
  /** Messages of others since one read or was added, and those of them that mention one; 100 stands for more, too. */
  unread: number;
  mentions: number;
  /** One's own, as `settings` set them. */
  settings?: any;
  /** The newest entries, from the newest message on; empty where that is not among the newest 32. */
  last: Message<any>[];
  /** With whom, in a direct conversation. */
  other?: { user: string; name?: string; lastSeen?: number; read?: number; delivered?: number };
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
  /** With `unread` and `mentions` of oneself, from another device. `delivered`: what a device of the other one has, in a direct conversation. */
  receipt: { channel: string; user: string; seq: number; unread?: number; mentions?: number; delivered?: number };
  /** Another device set them; null for none. */
  settings: { group: string; value: any };
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
    options?: { event?: string; messageId?: string; echo?: boolean; volatile?: boolean; except?: string[]; ref?: Ref; mentions?: string[] },
  ): Promise<SendAck>;

  /** Followed again after each reconnect by itself, from where it was. */
  join(
    group: string,
    options?: { since?: Cursor | { last: number } },
  ): Promise<{ group: string; epoch: string; seq: number; role?: string; members?: number; title?: string; topic?: string }>;
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

  /** By group name; with `more`, give the last group as `after` to go on. `group`: only that one. `limit` 1–200, default 50. */
  conversations(page?: { group?: string; after?: string; limit?: number }): Promise<{ conversations: Conversation[]; more: boolean }>;
  /** Owners and moderators: another title or topic; an empty one takes away what there is. */
  describe(group: string, fields: { title?: string; topic?: string }): Promise<void>;
  /** How far members of a durable group have read, as far as they have. */
  receipts(group: string): Promise<Array<{ user: string; read: number; delivered?: number }>>;
  /**
   * The newest messages with this in their text, whatever the case, in rising `seq`. With `more`, give its `before` to go on,
   * also where nothing was found so far. `limit` 1–50, default 20.
   */
  search(
    channel: string,
    text: string,
    page?: { before?: number; limit?: number },
  ): Promise<{ messages: Message<any>[]; more: boolean; before?: number }>;
  /** Keeps any JSON of up to 1 KiB as one's own settings for a durable group, on all devices; null for none. */
  settings(group: string, value: unknown): Promise<void>;

  presence(group: string): Promise<{
    users: Array<{ user: string; name: string; devices: number; since: number }>;
    count: number;
    more?: boolean;
    /** In a durable group of up to 200: members who are not on, at most 100. */
    away?: Array<{ user: string; name?: string; lastSeen?: number }>;
  }>;

  /** Waits while offline; of several for a channel only the last is sent. In a durable group resolves with what is left, where it was sent by itself. */
  read(channel: string, seq: number): Promise<{ unread?: number; mentions?: number } | void>;

  /** Told to others while connected, else nothing. Call at most each 3 s while typing goes on. */
  typing(to: Address, active?: boolean): void;

  /** Any other request of the protocol; rejected at once while offline. Resolves with the fields of its ack. */
  request(type: string, fields?: Record<string, unknown>): Promise<any>;
}

/** A UUIDv7, for a messageId of one's own. */
export function newMessageId(now?: number): string;
