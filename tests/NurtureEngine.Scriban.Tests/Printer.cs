using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Tests;

/// <summary>Writes a parsed template out again, in a form of its own: everything in parentheses, one block for each run of code.</summary>
internal sealed class Printer
{
    private readonly StringBuilder _text = new();
    private bool _isCode;
    private string _indent = "";

    public static string Print(ImmutableArray<Statement> statements)
    {
        var printer = new Printer();
        printer.Body(statements);
        printer.Close();
        return printer._text.ToString();
    }

    private void Body(ImmutableArray<Statement> statements)
    {
        for (var i = 0; i < statements.Length; i++)
        {
            if (statements[i] is Statement.Text text)
            {
                var next = statements.ElementAtOrDefault(i + 1);
                Close(
                    isLineEnd: next is Statement.Output { Indent: not "" }
                        && string.IsNullOrWhiteSpace(text.Value)
                        && !text.Value.Contains('\n', StringComparison.Ordinal)
                );
                _text.Append(Escaped(text.Value, next));
                continue;
            }

            var indent = statements[i] is Statement.Output output ? output.Indent : _indent;
            if (!ReferenceEquals(indent, _indent))
            {
                Close();
            }

            _indent = indent;
            Code(Shown(statements[i]));
        }
    }

    // Text that would read as code, or would indent what follows, is printed as an escape block.
    private static string Escaped(string text, Statement? next)
    {
        var line = text[(text.LastIndexOf('\n') + 1)..];
        var indents =
            line.Length > 0 && string.IsNullOrWhiteSpace(line) && next is not Statement.Output { Indent: not "" };
        if (!text.Contains('{', StringComparison.Ordinal) && !indents)
        {
            return text;
        }

        var percents = "%";
        while (text.Contains($"}}{percents}}}", StringComparison.Ordinal))
        {
            percents += "%";
        }

        // A marker of white space control must not be taken for one.
        return $"{{{percents}{{{text}}}{percents}}}";
    }

    private void Code(string code)
    {
        _text.Append(_isCode ? "; " : "{{ ").Append(code);
        _isCode = true;
    }

    // An indent stands at the beginning of a line; the line break before it is stripped again.
    private void Close(bool isLineEnd = false)
    {
        _text.Append(
            !_isCode ? ""
            : isLineEnd ? " ~}}\n"
            : " }}"
        );
        (_isCode, _indent) = (false, "");
    }

    private string Shown(Statement statement)
    {
        switch (statement)
        {
            case Statement.Output output:
                return E(output.Value);
            case Statement.Assign assign:
                return $"{E(assign.Target)} {assign.Operator}= {E(assign.Value)}";
            case Statement.Capture capture:
                return Block($"capture {E(capture.Target)}", capture.Body);
            case Statement.With with:
                return Block($"with {E(with.Object)}", with.Body);
            case Statement.Wrap wrap:
                return Block($"wrap {Call(wrap.Call)}", wrap.Body);
            case Statement.While loop:
                return Block($"while {E(loop.Condition)}", loop.Body);
            case Statement.Function function:
                return Block(
                    $"func {function.Declaration.Name}{Parameters(function.Declaration)}",
                    function.Declaration.Body
                );
            case Statement.Import import:
                return $"import {E(import.Object)}";
            case Statement.ReadOnly readOnly:
                return $"readonly {E(readOnly.Target)}";
            case Statement.Return result:
                return result.Value is null ? "ret" : $"ret {E(result.Value)}";
            case Statement.Break:
                return "break";
            case Statement.Continue:
                return "continue";
            case Statement.For loop:
                var head =
                    $"for {E(loop.Target)} in {E(loop.Source)}{Option("offset", loop.Offset)}{Option("limit", loop.Limit)}{(loop.IsReversed ? " reversed" : "")}";
                return loop.Else.IsEmpty ? Block(head, loop.Body) : Parts((head, loop.Body), ("else", loop.Else));
            case Statement.If choice:
                return Parts([
                    .. choice.Branches.Select(
                        (branch, i) =>
                            (
                                branch.Condition is null ? "else"
                                : i == 0 ? $"if {E(branch.Condition)}"
                                : $"else if {E(branch.Condition)}",
                                branch.Body
                            )
                    ),
                ]);
            case Statement.Case choice:
                return Parts([
                    ($"case {E(choice.Subject)}", []),
                    .. choice.Branches.Select(branch =>
                        ($"when {string.Join(", ", branch.Matches.Select(E))}", branch.Body)
                    ),
                    .. choice.Else.IsEmpty ? [] : new[] { ("else", choice.Else) },
                ]);
            default:
                throw new InvalidOperationException(statement.GetType().Name);
        }
    }

    private static string Option(string name, Expression? value) => value is null ? "" : $" {name}: {E(value)}";

    private string Block(string head, ImmutableArray<Statement> body) => Parts((head, body));

    // Printed on the spot, but for the last word: the caller writes that.
    private string Parts(params ReadOnlySpan<(string Head, ImmutableArray<Statement> Body)> parts)
    {
        foreach (var (head, body) in parts)
        {
            Code(head);
            Body(body);
        }

        return "end";
    }

    private static string Parameters(FunctionDeclaration declaration) =>
        declaration.Parameters is { } parameters
            ? $"({string.Join(", ", parameters.Select(p => p.Name + (p.IsVariable ? "..." : "") + (p.Default is null ? "" : $" = {E(p.Default)}")))})"
            : "";

    private static string Call(Expression.Call call) =>
        $"{E(call.Function)} {string.Join(' ', call.Arguments.Select(argument => (argument.Name is null ? "" : argument.Name + ": ") + Spread(argument.Value)))}";

    private static string Spread(Expression value) =>
        value is Expression.Unary { Operator: "^" } spread ? $"^({E(spread.Operand)})" : E(value);

    private static string E(Expression expression) =>
        expression switch
        {
            Expression.Literal literal => Literal(literal.Value),
            Expression.Interpolation interpolation =>
                $"$\"{string.Concat(interpolation.Parts.Select(part => part is Expression.Literal { Value: string text } ? Quoted(text, braces: true) : $"{{{E(part)}}}"))}\"",
            Expression.Variable variable => variable.Name,
            Expression.Local local => local.Name,
            Expression.Loop loop => $"{loop.Kind}.{loop.Property}",
            Expression.Member member => $"{E(member.Target)}{(member.IsOptional ? "?." : ".")}{member.Name}",
            Expression.Index index => $"{E(index.Target)}[{E(index.Key)}]",
            Expression.Unary unary => $"({unary.Operator} {E(unary.Operand)})",
            Expression.Increment { IsPrefix: true } increment =>
                $"({(increment.By > 0 ? "++" : "--")}{E(increment.Target)})",
            Expression.Increment increment => $"({E(increment.Target)}{(increment.By > 0 ? "++" : "--")})",
            Expression.Binary binary => $"({E(binary.Left)} {binary.Operator} {E(binary.Right)})",
            Expression.Conditional choice => $"({E(choice.Condition)} ? {E(choice.Then)} : {E(choice.Else)})",
            Expression.Call { Arguments.IsEmpty: true } call => $"{E(call.Function)}()",
            Expression.Call call => $"({Call(call)})",
            Expression.ArrayLiteral list => $"[{string.Join(", ", list.Items.Select(E))}]",
            Expression.ObjectLiteral entity =>
                $"{{{string.Join(", ", entity.Members.Select(member => $"\"{Quoted(member.Name)}\": {E(member.Value)}"))}}}",
            Expression.Anonymous anonymous => $"(do; {Inner(anonymous.Declaration.Body)}; end)",
            _ => throw new InvalidOperationException(expression.GetType().Name),
        };

    private static string Inner(ImmutableArray<Statement> body)
    {
        // Within code from the beginning, and back in it at the end.
        var printer = new Printer { _isCode = true };
        printer.Body(body);
        return printer._text + (printer._isCode ? "" : "{{ ");
    }

    private static string Literal(object? value) =>
        value switch
        {
            null => "null",
            string text => $"\"{Quoted(text)}\"",
            bool truth => truth ? "true" : "false",
            decimal number => number.ToString(CultureInfo.InvariantCulture) + "m",
            double number => number.ToString("E16", CultureInfo.InvariantCulture) + "d",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string Quoted(string text, bool braces = false) =>
        string.Concat(
            text.Select(c =>
                c is '"' or '\\' || (braces && c is '{' or '}') ? $"\\{c}"
                : c < ' ' ? $"\\u{(int)c:x4}"
                : c.ToString()
            )
        );
}
