package dev.parley.protocol;

/** A client's name for a request, given back as it came: a string stays a string and an integer an integer. */
public sealed interface RequestId {

    /** @param value at most {@value Names#ID_MAX} characters */
    record Text(String value) implements RequestId {}

    /** @param value an integer between −2<sup>53</sup> and 2<sup>53</sup>, both exclusive */
    record Number(long value) implements RequestId {}
}
