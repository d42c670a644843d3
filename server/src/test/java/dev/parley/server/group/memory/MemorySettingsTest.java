package dev.parley.server.group.memory;

import dev.parley.server.group.SettingsStore;
import dev.parley.server.group.SettingsStoreContract;

class MemorySettingsTest extends SettingsStoreContract {
    private final SettingsStore store = new MemorySettings();

    @Override
    protected SettingsStore store() {
        return store;
    }
}
