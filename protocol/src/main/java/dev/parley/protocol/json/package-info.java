/**
 * Reading and writing frames as JSON by streaming: no tree, no reflection, and {@code data} passes through as the bytes it came in.
 *
 * <p>{@link dev.parley.protocol.json.FrameReader} and {@link dev.parley.protocol.json.FrameWriter} are the ways in. Behind the reader a {@code Fields} walks
 * one object and refuses what is of the wrong kind; {@code ClientFrames} and {@code ServerFrames} know which fields a frame has. Behind the writer
 * {@code ClientJson} and {@code ServerJson} know the same, and {@code JsonBytes} how it is spelled.
 *
 * <p>A new frame type needs its record, its reading and its writing, a file in {@code protocol/golden} for each variant, and its message with these examples
 * in {@code protocol/asyncapi.yaml}: the tests tell what is left out.
 */
package dev.parley.protocol.json;
