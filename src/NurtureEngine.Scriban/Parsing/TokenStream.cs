using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>The tokens of a whole template, texts and code in one line, with the reader's place in them.</summary>
internal sealed class TokenStream(SourceText source, List<Token> tokens, ICollection<ScribanFault> faults, int depth)
{
    // Bounds recursion, so that a hostile template is a fault and not a stack overflow.
    private const int MaxDepth = 100;
    private int _position;
    private int _depth = depth;

    public int Depth => _depth;

    public SourceText Source => source;

    public ICollection<ScribanFault> Faults => faults;

    public Token Current => tokens[_position];

    public Token Following => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    /// <summary>The indent of the block that is being read: a text of its own for each block that has one.</summary>
    public string Indent { get; private set; } = "";

    public Token Take()
    {
        var token = Current;
        if (token is { Kind: TokenKind.EndOfStatement, Value: ['{', '{', .. var indent] })
        {
            Indent = indent;
        }

        _position = Math.Min(_position + 1, tokens.Count - 1);
        return token;
    }

    public bool Accept(string symbol)
    {
        if (!Current.Is(symbol))
        {
            return false;
        }

        Take();
        return true;
    }

    public void Expect(string symbol, string where)
    {
        if (!Accept(symbol))
        {
            throw Fault($"{Current.Shown} is unexpected {where}; expected '{symbol}'.");
        }
    }

    /// <summary>Goes on to the next line, where an expression can't be over yet; the block's end stays.</summary>
    public void SkipLines()
    {
        while (Current is { Kind: TokenKind.EndOfStatement, Value: "\n" })
        {
            Take();
        }
    }

    /// <summary>Goes on to the next statement or text.</summary>
    public void SkipEnds()
    {
        while (Current.Kind == TokenKind.EndOfStatement)
        {
            Take();
        }
    }

    /// <summary>Parses one level deeper.</summary>
    public T Deeper<T>(Func<T> parse)
    {
        if (++_depth > MaxDepth)
        {
            _depth--;
            throw new ParseException(
                source.FaultAt(Current.At, $"The template is nested deeper than {MaxDepth} levels."),
                isFatal: true
            );
        }

        try
        {
            return parse();
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>The fault to throw: it is recorded by who catches it, which goes on behind the statement.</summary>
    public ParseException Fault(string message, int? at = null) => new(source.FaultAt(at ?? Current.At, message));

    /// <summary>Records a fault and goes on behind the statement, so that the next one can be judged too.</summary>
    public void Recover(ParseException exception)
    {
        faults.Add(exception.Fault);
        while (Current.Kind is not (TokenKind.EndOfStatement or TokenKind.Text or TokenKind.End))
        {
            Take();
        }
    }
}

/// <summary>Ends the parsing of one statement.</summary>
internal sealed class ParseException(ScribanFault fault, bool isInHead = true, bool isFatal = false)
    : Exception(fault.Message)
{
    /// <summary>Whether to go on reading would do harm.</summary>
    public bool IsFatal { get; } = isFatal;

    public ScribanFault Fault { get; } = fault;

    /// <summary>Whether the fault lies before the statement's body, which is then still to be read.</summary>
    public bool IsInHead { get; } = isInHead;
}
