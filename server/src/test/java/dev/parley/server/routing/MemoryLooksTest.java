package dev.parley.server.routing;

import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.memory.MemoryChannelLog;

class MemoryLooksTest extends LooksContract {
    private final ChannelLog log = new MemoryChannelLog(Long.MAX_VALUE);

    @Override
    protected ChannelLog log() {
        return log;
    }
}
