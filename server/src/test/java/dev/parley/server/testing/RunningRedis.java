package dev.parley.server.testing;

import java.util.Map;

/** Processes that together are one Redis, until closed. */
public interface RunningRedis extends AutoCloseable {

    /** What a server has to be told to use it. */
    Map<String, String> properties();

    @Override
    void close();
}
