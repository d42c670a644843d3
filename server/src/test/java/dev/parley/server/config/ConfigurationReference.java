package dev.parley.server.config;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The tables of {@code docs/configuration.md}, from the source of {@link ParleyConfig} (its Javadoc is not in the class file), its annotations and the
 * {@link Bounds}. Only parses, so it needs nothing but a JDK.
 */
final class ConfigurationReference {
    private static final String ROOT = "parley";

    private final Map<String, ClassTree> types = new HashMap<>();
    private final Map<String, Bound<?>> bounds = new HashMap<>();
    private final Map<String, List<Property>> sections = new LinkedHashMap<>();
    private final DocTrees docs;
    private final CompilationUnitTree unit;
    private final TreePath tree;

    /** A leaf of the tree: what stands in one row. */
    private record Property(String name, String type, String initial, String unit, String effect) {

        String row() {
            String variable =
                    EnvironmentNames.variable(name.replace("\"<name>\"", "*")).replace("*", "_<NAME>_");
            return "| `" + name + "`<br>`" + variable + "` | " + type + " | " + initial + " | " + unit + " | " + effect
                    + " |";
        }
    }

    private ConfigurationReference(Path source) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            var task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(source));
            unit = task.parse().iterator().next();
            docs = DocTrees.instance(task);
        }
        Stream.of(Bounds.FIXED, Bounds.OF_NAMESPACE, Bounds.OF_WEBHOOK)
                .flatMap(list -> list.stream())
                .forEach(bound -> bounds.put(bound.property(), bound));
        ClassTree config = (ClassTree) unit.getTypeDecls().get(0);
        tree = new TreePath(new TreePath(unit), config);
        members(config, ClassTree.class)
                .forEach(type -> types.put(type.getSimpleName().toString(), type));
        walk(ROOT, "", tree, config);
        if (!bounds.isEmpty()) {
            throw new IllegalStateException("Bounds has properties that do not exist: " + bounds.keySet());
        }
    }

    /** The tables in Markdown, one for each branch of the tree. */
    static String of(Path source) throws IOException {
        return new ConfigurationReference(source).markdown();
    }

    private String markdown() {
        return sections.entrySet().stream()
                .map(section -> section.getKey()
                        + "\n\n| property, environment variable | type | default | unit | effect |\n| --- | --- | --- | --- | --- |\n"
                        + section.getValue().stream().map(Property::row).collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n\n"));
    }

    private void walk(String prefix, String heading, TreePath path, ClassTree type) {
        for (MethodTree method : members(type, MethodTree.class)) {
            String name = prefix + "." + kebab(method.getName().toString());
            String text = javadoc(new TreePath(path, method), name);
            String element = element(method.getReturnType());
            if (method.getReturnType().toString().startsWith("Map<")) {
                name += ".\"<name>\"";
            }
            ClassTree branch = types.get(element);
            if (branch == null || branch.getKind() != Tree.Kind.INTERFACE) {
                sections.computeIfAbsent(heading, none -> new ArrayList<>()).add(leaf(name, element, method, text));
            } else {
                String below = prefix.equals(ROOT) ? "### `" + name + "`\n\n" + text : heading;
                walk(name, below, new TreePath(tree, branch), branch);
            }
        }
    }

    private Property leaf(String name, String element, MethodTree method, String text) {
        Bound<?> bound = bounds.remove(name);
        String list = method.getReturnType().toString().contains("List<") ? ", several by commas" : "";
        String type = kind(element) + list + (bound == null ? "" : ", " + bound.range());
        return new Property(
                name,
                type,
                initial(method).map(value -> "`" + value + "`").orElse("none"),
                bound == null ? unit(name, element) : bound.unit(),
                text);
    }

    /** Of what has no bounds: words have no unit, and numbers without one would be forgotten in {@link Bounds}. */
    private static String unit(String name, String type) {
        return switch (type) {
            case "double" -> "share, 0 to 1";
            case "int", "long", "Integer", "Long", "Duration" ->
                throw new IllegalStateException(name + " has no bounds");
            default -> "–";
        };
    }

    private String kind(String type) {
        return switch (type) {
            case "boolean", "Boolean" -> "`true` or `false`";
            case "int", "long", "Integer", "Long" -> "whole number";
            case "double" -> "number";
            case "Duration" -> "duration";
            case "String" -> "text";
            default -> choices(type);
        };
    }

    private String choices(String type) {
        ClassTree chosen = types.get(type);
        if (chosen == null || chosen.getKind() != Tree.Kind.ENUM) {
            throw new IllegalStateException("no word yet for the type " + type);
        }
        return members(chosen, VariableTree.class).stream()
                .map(constant -> "`"
                        + constant.getName().toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                .collect(Collectors.joining(" or "));
    }

    private static Optional<String> initial(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .filter(annotation -> annotation.getAnnotationType().toString().equals("WithDefault"))
                .map(ConfigurationReference::argument)
                .findFirst();
    }

    private static String argument(AnnotationTree annotation) {
        return ((LiteralTree) annotation.getArguments().get(0)).getValue().toString();
    }

    /** The innermost, last type argument: what an optional, a list or a map is about. */
    private static String element(Tree type) {
        if (type instanceof ParameterizedTypeTree generic) {
            var arguments = generic.getTypeArguments();
            return element(arguments.get(arguments.size() - 1));
        }
        return type.toString();
    }

    private String javadoc(TreePath path, String name) {
        String text = docs.getDocComment(path);
        if (text == null) {
            throw new IllegalStateException(name + " has no Javadoc in ParleyConfig");
        }
        return text.strip()
                .replaceAll("\\s+", " ")
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replace("|", "\\|");
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static <T extends Tree> List<T> members(ClassTree type, Class<T> kind) {
        return type.getMembers().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
