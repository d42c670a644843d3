/**
 * The fault laboratory: a hub of three packaged servers behind proxies, a Redis, and a crowd that talks, while a plan of faults is carried out on the network, the
 * processes and Redis; then everything is healed, and what everybody was told must be what was acknowledged. Builds broken on purpose show that the checker sees
 * what it is there for.
 *
 * <p>{@link dev.parley.server.faults.FaultsIT} has every kind of fault once and is part of each build; {@link dev.parley.server.faults.LongRun} has random plans
 * and takes as long as it is told. A plan follows from its seed, is written down, can be given back and is made smaller when it fails.
 */
package dev.parley.server.faults;
