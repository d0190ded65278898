// Reads paths of Go files, one a line, and prints for each what go/parser sees: PATH, then NAME GROUP LINE, tabs between.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, lines.Text(), nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		fmt.Fprintf(out, "%s\n", lines.Text())
		say := func(name *ast.Ident, group string) {
			if name.Name != "_" {
				fmt.Fprintf(out, "\t%s\t%s\t%d\n", name.Name, group, files.Position(name.Pos()).Line)
			}
		}
		for _, declaration := range file.Decls {
			switch found := declaration.(type) {
			case *ast.FuncDecl:
				if found.Recv == nil {
					say(found.Name, "function")
				} else {
					say(found.Name, "method")
				}
			case *ast.GenDecl:
				for _, spec := range found.Specs {
					sayOfSpec(spec, say)
				}
			}
		}
	}
}

func sayOfSpec(spec ast.Spec, say func(*ast.Ident, string)) {
	switch found := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range found.Names {
			say(name, "variable")
		}
	case *ast.TypeSpec:
		say(found.Name, "type")
		switch members := found.Type.(type) {
		case *ast.StructType:
			for _, field := range members.Fields.List {
				for _, name := range field.Names {
					say(name, "field")
				}
				if name := nameOfType(field.Type); len(field.Names) == 0 && name != nil {
					say(name, "field")
				}
			}
		case *ast.InterfaceType:
			for _, method := range members.Methods.List {
				for _, name := range method.Names {
					say(name, "method")
				}
			}
		}
	}
}

// The name by which an embedded type is a field.
func nameOfType(embedded ast.Expr) *ast.Ident {
	switch found := embedded.(type) {
	case *ast.Ident:
		return found
	case *ast.StarExpr:
		return nameOfType(found.X)
	case *ast.SelectorExpr:
		return found.Sel
	case *ast.IndexExpr:
		return nameOfType(found.X)
	case *ast.IndexListExpr:
		return nameOfType(found.X)
	}
	return nil
}
