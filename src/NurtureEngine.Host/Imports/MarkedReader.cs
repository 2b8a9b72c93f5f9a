namespace NurtureEngine.Host.Imports;

/// <summary>A text of which the first line can be looked at before it is read.</summary>
internal sealed class MarkedReader(TextReader text) : TextReader
{
    private string _held = "";
    private int _at;

    /// <summary>Takes the first line where it begins so and holds one character more; null, and nothing taken, where not.</summary>
    public string? TakeLine(string beginning)
    {
        Fill(beginning.Length + 3);
        var rest = _held.AsSpan(_at);
        if (!rest.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) || rest.Length <= beginning.Length)
        {
            return null;
        }

        var end = beginning.Length + 1;
        if (end < rest.Length && rest[end] is not ('\r' or '\n'))
        {
            return null;
        }

        var line = rest[..end].ToString();
        end +=
            rest[end..].StartsWith("\r\n") ? 2
            : end < rest.Length ? 1
            : 0;
        _at += end;
        return line;
    }

    public override int Peek()
    {
        Fill(1);
        return _at < _held.Length ? _held[_at] : -1;
    }

    public override int Read()
    {
        var next = Peek();
        _at += next >= 0 ? 1 : 0;
        return next;
    }

    public override int Read(char[] buffer, int index, int count)
    {
        if (_at < _held.Length)
        {
            var part = Math.Min(count, _held.Length - _at);
            _held.CopyTo(_at, buffer, index, part);
            _at += part;
            return part;
        }

        return text.Read(buffer, index, count);
    }

    public override async Task<int> ReadAsync(char[] buffer, int index, int count) =>
        _at < _held.Length ? Read(buffer, index, count) : await text.ReadAsync(buffer, index, count);

    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        if (_at >= _held.Length)
        {
            return await text.ReadAsync(buffer, cancellationToken);
        }

        var part = Math.Min(buffer.Length, _held.Length - _at);
        _held.AsSpan(_at, part).CopyTo(buffer.Span);
        _at += part;
        return part;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            text.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Fill(int count)
    {
        var missing = count - (_held.Length - _at);
        if (missing <= 0)
        {
            return;
        }

        var more = new char[missing];
        var read = text.ReadBlock(more, 0, missing);
        _held = string.Concat(_held.AsSpan(_at), more.AsSpan(0, read));
        _at = 0;
    }
}
