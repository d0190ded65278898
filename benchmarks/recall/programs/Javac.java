import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.tools.javac.tree.JCTree;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Reads paths of Java files, one a line, and prints for each what javac's parser sees: PATH, then NAME GROUP LINE. */
public class Javac {
    public static void main(String[] arguments) throws Exception {
        var paths = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        var compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        for (String path = paths.readLine(); path != null; path = paths.readLine()) {
            var faults = new DiagnosticCollector<JavaFileObject>();
            var options = List.of("-proc:none");
            var sources = files.getJavaFileObjects(Path.of(path));
            var task = (JavacTask) compiler.getTask(null, files, faults, options, null, sources);
            CompilationUnitTree unit = task.parse().iterator().next();
            if (faults.getDiagnostics().stream().noneMatch(one -> one.getKind().name().equals("ERROR"))) {
                out.println(path);
                new Definitions(unit, out).scan(unit, null);
            }
        }
        out.flush();
    }
}

class Definitions extends TreeScanner<Void, ClassTree> {
    private final CompilationUnitTree unit;
    private final PrintStream out;
    private final CharSequence text;

    Definitions(CompilationUnitTree unit, PrintStream out) throws java.io.IOException {
        this.unit = unit;
        this.out = out;
        this.text = unit.getSourceFile().getCharContent(true);
    }

    @Override
    public Void visitClass(ClassTree tree, ClassTree outer) {
        String name = tree.getSimpleName().toString();
        if (!name.isEmpty()) {
            // The tree is where its keyword is.
            say(name, "type", text.toString().indexOf(name, ((JCTree) tree).pos));
        }
        for (Tree member : tree.getMembers()) {
            if (member instanceof VariableTree field) {
                say(field.getName().toString(), "field", ((JCTree) field).pos);
            }
        }
        return super.visitClass(tree, tree);
    }

    @Override
    public Void visitMethod(MethodTree tree, ClassTree of) {
        String name = tree.getName().contentEquals("<init>") ? of.getSimpleName().toString() : tree.getName().toString();
        say(name, "function", ((JCTree) tree).pos);
        return super.visitMethod(tree, of);
    }

    private void say(String name, String group, int position) {
        out.printf("\t%s\t%s\t%d%n", name, group, unit.getLineMap().getLineNumber(position));
    }
}
