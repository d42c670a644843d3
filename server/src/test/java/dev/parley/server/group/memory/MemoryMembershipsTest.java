package dev.parley.server.group.memory;

import dev.parley.server.group.MembershipStore;
import dev.parley.server.group.MembershipStoreContract;

class MemoryMembershipsTest extends MembershipStoreContract {
    private final MembershipStore store = new MemoryMemberships();

    @Override
    protected MembershipStore store() {
        return store;
    }
}
