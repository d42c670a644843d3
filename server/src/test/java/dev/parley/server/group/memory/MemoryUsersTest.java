package dev.parley.server.group.memory;

import dev.parley.server.group.UserStore;
import dev.parley.server.group.UserStoreContract;

class MemoryUsersTest extends UserStoreContract {
    private final UserStore store = new MemoryUsers();

    @Override
    protected UserStore store() {
        return store;
    }
}
