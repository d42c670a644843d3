package dev.parley.server.redis;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one primary says of its memory.
 *
 * @param policy what it does when the memory is full; anything but {@code noeviction} throws away what was promised
 * @param used bytes
 * @param most bytes it may use; 0 for as many as the machine has
 */
public record RedisMemory(String policy, long used, long most) {

    /** Whether it would rather drop messages than refuse new ones. */
    public boolean evicts() {
        return !policy.equals("noeviction");
    }

    /** Reads the section {@code memory} of {@code INFO}. */
    static RedisMemory of(String info) {
        Map<String, String> lines = info.lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> first));
        return new RedisMemory(
                lines.getOrDefault("maxmemory_policy", "noeviction"),
                Long.parseLong(lines.getOrDefault("used_memory", "0")),
                Long.parseLong(lines.getOrDefault("maxmemory", "0")));
    }
}
