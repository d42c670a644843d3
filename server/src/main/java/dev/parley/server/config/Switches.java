package dev.parley.server.config;

import io.smallrye.config.ConfigMappingInterface.Property;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/** Which switches are set to neither on nor off: whoever reads them takes every word that it does not know for off. Used by {@link ConfigCheck}. */
final class Switches {
    private static final Set<String> WORDS = Set.of("true", "yes", "y", "on", "1", "false", "no", "n", "off", "0");

    private final List<String> names;
    private final Pattern pattern;

    /** Takes all properties by their names, with {@code *} where a name is free. */
    Switches(Map<String, Property> properties) {
        names = properties.entrySet().stream()
                .filter(entry -> isSwitch(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        pattern = Pattern.compile(String.join(
                "|",
                names.stream()
                        .map(name -> Pattern.quote(name).replace("*", "\\E(\"[^\"]+\"|[^.]+)\\Q"))
                        .toList()));
    }

    /** All of them. */
    List<String> names() {
        return names;
    }

    /** A sentence for each that has no such word. */
    Stream<String> complaints(Config settings) {
        // Those of a fixed name are asked for by name: as environment variables they are listed under another.
        return Stream.concat(
                        names.stream(),
                        StreamSupport.stream(settings.getPropertyNames().spliterator(), false))
                .filter(name -> !name.contains("*") && pattern.matcher(name).matches())
                .distinct()
                .sorted()
                .flatMap(name -> complaint(name, settings.getConfigValue(name).getValue()));
    }

    private static Stream<String> complaint(String name, String value) {
        return value == null || value.isEmpty() || WORDS.contains(value.toLowerCase(Locale.ROOT))
                ? Stream.empty()
                : Stream.of(name + " is " + value + ": set it to true or false.");
    }

    private static boolean isSwitch(Property property) {
        String type = property.getMethod().getGenericReturnType().getTypeName();
        return type.equals("boolean") || type.contains("java.lang.Boolean");
    }
}
