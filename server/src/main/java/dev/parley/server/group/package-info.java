/**
 * Groups: which namespace says what of them, who is a member of the durable ones, how far each has read, and who is known at all.
 *
 * <p>The way of a change of membership: {@link dev.parley.server.group.Groups} decides, {@code Changes} takes the steps, a
 * {@link dev.parley.server.group.MembershipStore} keeps the truth and {@code MembershipEntries} tells of it in the log.
 */
package dev.parley.server.group;
