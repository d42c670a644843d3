/**
 * The promise, held against real processes: several packaged servers, a real Redis, clients written from the contract alone, faults by signals, and a checker
 * that knows what was acknowledged and holds every receiver's record against it.
 *
 * <p>Nothing in here uses the product's own reader, writer or delivery: what both sides got wrong alike would not show.
 */
package dev.parley.server.proof;
