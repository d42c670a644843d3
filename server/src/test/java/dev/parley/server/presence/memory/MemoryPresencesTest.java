package dev.parley.server.presence.memory;

import dev.parley.server.presence.PresenceStore;
import dev.parley.server.presence.PresenceStoreContract;

class MemoryPresencesTest extends PresenceStoreContract {
    private final PresenceStore store = new MemoryPresences(NODE);

    @Override
    protected PresenceStore store() {
        return store;
    }
}
