package dev.parley.server.group.memory;

import dev.parley.server.group.PositionStore;
import dev.parley.server.group.PositionStoreContract;

class MemoryPositionsTest extends PositionStoreContract {
    private final PositionStore store = new MemoryPositions();

    @Override
    protected PositionStore store() {
        return store;
    }
}
