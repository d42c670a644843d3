package dev.parley.server.redis;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which primary owns which slot.
 *
 * @param owners one for all slots, or one for each, null where nobody owns it; not changed any more
 */
record Layout(List<Endpoint> owners) {

    static Layout single(Endpoint owner) {
        return new Layout(Collections.singletonList(owner));
    }

    static Layout of(Endpoint[] owners) {
        return new Layout(Arrays.asList(owners));
    }

    /** Whether every slot has an owner. */
    boolean complete() {
        return !owners.contains(null);
    }

    Set<Endpoint> primaries() {
        Set<Endpoint> primaries = new LinkedHashSet<>(owners);
        primaries.removeIf(Objects::isNull);
        return primaries;
    }
}
