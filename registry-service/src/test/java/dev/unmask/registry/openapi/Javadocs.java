package dev.unmask.registry.openapi;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The Javadoc of sources, read by the compiler's own parser. */
final class Javadocs {
  private final Map<String, Comment> comments = new HashMap<>();

  /**
   * @param summary the first sentence
   * @param details what follows it, empty where nothing does
   * @param params by name
   * @param returns empty where nothing is said
   */
  record Comment(String summary, String details, Map<String, String> params, String returns) {
    static final Comment NONE = new Comment("", "", Map.of(), "");

    /** Everything but the params. */
    String all() {
      return Stream.of(summary, details, returns)
          .filter(text -> !text.isEmpty())
          .collect(Collectors.joining("\n\n"));
    }
  }

  private Javadocs() {}

  /** Of all Java files below the folders. */
  static Javadocs of(Path... folders) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Javadocs docs = new Javadocs();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources = new ArrayList<>();
      for (Path folder : folders) {
        try (Stream<Path> found = Files.walk(folder)) {
          found.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        docs.new Reader(trees).scan(unit, null);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return docs;
  }

  /** Of a type. */
  Comment of(Class<?> type) {
    return comments.getOrDefault(key(type), Comment.NONE);
  }

  /** Of a method; overloads share one. */
  Comment of(java.lang.reflect.Method method) {
    return comments.getOrDefault(
        key(method.getDeclaringClass()) + "#" + method.getName(), Comment.NONE);
  }

  private static String key(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return outer == null ? type.getSimpleName() : key(outer) + "." + type.getSimpleName();
  }

  private final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees trees;
    private final Deque<String> names = new ArrayDeque<>();

    Reader(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      names.addLast(type.getSimpleName().toString());
      remember(String.join(".", names));
      super.visitClass(type, nothing);
      names.removeLast();
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      remember(String.join(".", names) + "#" + method.getName());
      return super.visitMethod(method, nothing);
    }

    private void remember(String key) {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        comments.putIfAbsent(key, comment(comment));
      }
    }
  }

  private static Comment comment(DocCommentTree tree) {
    Map<String, String> params = new LinkedHashMap<>();
    String returns = "";
    for (DocTree tag : tree.getBlockTags()) {
      if (tag instanceof ParamTree param) {
        params.put(param.getName().toString(), text(param.getDescription()));
      } else if (tag instanceof ReturnTree answer) {
        returns = text(answer.getDescription());
      }
    }
    return new Comment(text(tree.getFirstSentence()), text(tree.getBody()), params, returns);
  }

  private static String text(List<? extends DocTree> parts) {
    StringBuilder text = new StringBuilder();
    for (DocTree part : parts) {
      text.append(
          switch (part) {
            case TextTree plain -> plain.getBody();
            case LiteralTree code -> "`" + code.getBody().getBody() + "`";
            case LinkTree link ->
                link.getLabel().isEmpty()
                    ? "`" + link.getReference().getSignature() + "`"
                    : text(link.getLabel());
            case EntityTree entity -> "&" + entity.getName() + ";";
            case StartElementTree element when element.getName().contentEquals("p") -> "\u0000";
            case StartElementTree element -> "";
            case EndElementTree element -> "";
            default -> part.toString();
          });
    }
    return text.toString().replaceAll("\\s+", " ").replaceAll(" ?\u0000 ?", "\n\n").strip();
  }
}
