/**
 * Where a team's own code decides about connections and messages, or hears of them: as beans in the same build ({@link dev.parley.server.hook.ConnectPolicy},
 * {@link dev.parley.server.hook.SendPolicy}), or by signed HTTP calls to services of theirs.
 */
package dev.parley.server.hook;
