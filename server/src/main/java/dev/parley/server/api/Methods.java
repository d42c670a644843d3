package dev.parley.server.api;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which methods the paths of the resources take, for the header {@code Allow}, which the framework leaves out. Made once; any thread. */
final class Methods {
    static final List<Class<?>> RESOURCES = List.of(
            MessageResource.class,
            BatchResource.class,
            GroupResource.class,
            MemberResource.class,
            UserResource.class,
            ConnectionResource.class,
            GuestResource.class,
            TicketResource.class,
            TokenResource.class);

    private static final String VARIABLE = "\\{[^}]*}";
    private static final Map<String, Set<String>> BY_PATH = byPath();

    private Methods() {}

    /** The methods that a path takes, joined as in the header; empty where nobody serves it. */
    static String of(String path) {
        Set<String> methods = new TreeSet<>();
        BY_PATH.forEach((pattern, its) -> {
            if (Pattern.matches(pattern, path)) {
                methods.addAll(its);
            }
        });
        return String.join(", ", methods);
    }

    private static Map<String, Set<String>> byPath() {
        Map<String, Set<String>> paths = new LinkedHashMap<>();
        for (Class<?> resource : RESOURCES) {
            String root = resource.getAnnotation(Path.class).value();
            for (Method method : resource.getMethods()) {
                for (Annotation each : method.getAnnotations()) {
                    HttpMethod http = each.annotationType().getAnnotation(HttpMethod.class);
                    if (http != null) {
                        Path path = method.getAnnotation(Path.class);
                        String whole = root + (path == null ? "" : path.value());
                        paths.computeIfAbsent(whole.replaceAll(VARIABLE, "[^/]+"), key -> new TreeSet<>())
                                .add(http.value());
                    }
                }
            }
        }
        return paths;
    }
}
