/**
 * What both ends of a Parley connection must agree on: addresses, frames, error and close codes, limits.
 *
 * <p>Plain Java without a framework. Every type is immutable and may be used from any thread. The contract is the wire protocol {@code parley.v1.json};
 * {@code asyncapi.yaml} describes it for other languages.
 */
package dev.parley.protocol;
