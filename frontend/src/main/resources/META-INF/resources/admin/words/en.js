// @ts-check
/** English, and the list of all keys. */
export const en = Object.freeze({
  // The way in
  "door.title": "Operate this hub",
  "door.lead": "With a service key, or a token with the role {role}. In development the key is {key}.",
  "door.key": "Key or token",
  "door.enter": "Enter",
  "door.busy": "One moment…",
  "door.empty": "Please enter a key.",
  "door.refused": "This is no key or token of this hub.",
  "door.notAdmin": "This token doesn’t have the role admin.",

  // Frame
  "admin.title": "Admin",
  "admin.toChat": "Parley, to the chat",
  "admin.upToDate": "Up to date",
  "admin.leave": "Leave",
  "admin.busy": "One moment…",
  "admin.new": { one: "{count} new", other: "{count} new" },
  "admin.unreachable": "The server can’t be reached.",
  "admin.answered": "The server answered {status}.",

  // Figures
  "figures.region": "Figures",
  "figures.entries": "Entries a second",
  "figures.peak": "At most {value} in ten minutes",
  "figures.connections": "Connections",
  "figures.gaps": "Told what they missed",
  "figures.gapsHint": "gaps since the start: entries somebody could not have any more",

  // Instances
  "instances.title": "Instances",
  "instances.instance": "Instance",
  "instances.channels": "Channels",
  "instances.full": "Found full",
  "instances.fullHint": "Batches that found a socket full",
  "instances.heap": "Heap",
  "instances.since": "Since",
  "instances.build": "Build",
  "instances.megabytes": "{count} MB",

  // Groups and their messages
  "groups.title": "Groups that are followed",
  "groups.none": "Nobody follows any.",
  "groups.entries": { one: "{count} entry", other: "{count} entries" },
  "groups.instances": { one: "{count} instance", other: "{count} instances" },
  "said.title": "Messages",
  "said.of": "Messages of {group}",
  "said.choose": "Choose a group to see what was said last, and how far each message got.",
  "said.none": "Nothing was said.",

  // The way of a message
  "way.region": "The way of a message",
  "way.title": "The way of message {seq} of {group}",
  "way.accepted": "Accepted",
  "way.byInstance": "{time}, by instance {node} from connection {connection}",
  "way.byHttp": "{time}, over the HTTP API",
  "way.from": "From",
  "way.service": "(a service)",
  "way.messageId": "Message id",
  "way.deliveries": "Deliveries",
  "way.connection": "Connection",
  "way.user": "User",
  "way.delivered": "Delivered",
  "way.nobody": "No connection follows this group now; who comes back reads it from the log.",
  "way.written": "Written to its socket",
  "way.excepted": "Not sent: its sender excepted it",
  "way.behind": "Not yet: it is being caught up from the log",
  "way.full": "Not yet: its socket is full, it goes on when that drains",

  // Who is connected
  "people.title": "Connections",
  "people.find": "Find a user or a connection",
  "people.name": "Name",
  "people.actions": "Actions",
  "people.disconnect": "Disconnect",
  "people.disconnectName": "Disconnect {name}",
  "people.really": "Really?",
  "people.disconnected": "{connection} is disconnected.",
  "people.more": { one: "and {count} more: search to see it", other: "and {count} more: search to see them" },
  "people.notFound": "Nobody of that name.",
  "people.none": "Nobody is connected.",

  // Telling everybody
  "tell.title": "Tell everybody",
  "tell.field": "What to tell everybody",
  "tell.example": "The hub moves to another machine at noon.",
  "tell.send": "Send",
  "tell.done": "Everybody who is connected has been told.",
});
