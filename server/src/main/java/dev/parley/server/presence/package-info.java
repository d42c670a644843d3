/**
 * Who is on in which group, with how many devices, on whichever instances.
 *
 * <p>{@link dev.parley.server.presence.Presence} is asked and told by the gateway. For each group that connections of this instance follow it keeps a
 * {@code Room}: what this instance has ({@code People}), what all instances have ({@code Attendance}), and what the followers here have been told
 * ({@code Notices}). Instances share through a {@link dev.parley.server.presence.PresenceStore} and tell each other by {@link
 * dev.parley.server.presence.Announcement}s on the group's doorbell.
 */
package dev.parley.server.presence;
