/**
 * The comparison with other servers: {@code compare.sh} compiles this against {@code client/target/parley.jar}, whose load generator it uses, and runs it.
 * {@link dev.parley.load.Compare} goes through the {@link dev.parley.load.Scenario}s and has {@link dev.parley.load.Results} write the tables.
 */
package dev.parley.load;
