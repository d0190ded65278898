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

// Says one definition: its name and its group.
type sayer func(name *ast.Ident, group string)

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
			if values, ok := declaration.(*ast.GenDecl); ok {
				sayOfValues(values, say)
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			sayOfNode(node, say)
			return true
		})
	}
}

// The variables and constants of the package; those of a function are no definitions.
func sayOfValues(declaration *ast.GenDecl, say sayer) {
	for _, spec := range declaration.Specs {
		if values, ok := spec.(*ast.ValueSpec); ok {
			for _, name := range values.Names {
				say(name, "variable")
			}
		}
	}
}

// Functions, types and their members, wherever they stand.
func sayOfNode(node ast.Node, say sayer) {
	switch found := node.(type) {
	case *ast.FuncDecl:
		say(found.Name, "function")
	case *ast.TypeSpec:
		say(found.Name, "type")
	case *ast.StructType:
		for _, field := range found.Fields.List {
			for _, name := range field.Names {
				say(name, "field")
			}
			if name := nameOfType(field.Type); len(field.Names) == 0 && name != nil {
				say(name, "field")
			}
		}
	case *ast.InterfaceType:
		for _, method := range found.Methods.List {
			for _, name := range method.Names {
				say(name, "function")
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
