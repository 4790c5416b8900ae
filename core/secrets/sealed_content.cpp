// What is inside of the encrypted file: names and values, one after the other.
#include "core/secrets/sealed_file.h"

#include <QtEndian>

#include <algorithm>
#include <optional>
#include <vector>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

using Bytes = std::span<const unsigned char>;

struct Entry {
    Bytes name;
    Bytes value;
};

Bytes bytesOf(const QByteArray &bytes)
{
    return {reinterpret_cast<const unsigned char *>(bytes.constData()),
            static_cast<std::size_t>(bytes.size())};
}

std::optional<Bytes> takeField(Bytes &rest)
{
    if (rest.size() < sizeof(quint32))
        return std::nullopt;
    const std::size_t size = qFromBigEndian<quint32>(rest.data());
    rest = rest.subspan(sizeof(quint32));
    if (size > rest.size())
        return std::nullopt;
    const Bytes field = rest.first(size);
    rest = rest.subspan(size);
    return field;
}

Result<std::vector<Entry>> entriesOf(const LockedBytes &content)
{
    std::vector<Entry> out;
    for (Bytes rest = content.span(); !rest.empty();) {
        const auto name = takeField(rest);
        const auto value = name ? takeField(rest) : std::nullopt;
        if (!value)
            return fail(ErrorCode::Corrupt, u"content"_s, u"key_file_damaged"_s);
        out.push_back({.name = *name, .value = *value});
    }
    return out;
}

unsigned char *putField(unsigned char *at, Bytes field)
{
    qToBigEndian(static_cast<quint32>(field.size()), at);
    return std::ranges::copy(field, at + sizeof(quint32)).out;
}

} // namespace

Result<QString> valueIn(const LockedBytes &content, const QString &name)
{
    const auto entries = entriesOf(content);
    if (!entries)
        return std::unexpected(entries.error());
    const QByteArray wanted = name.toUtf8();
    const auto found = std::ranges::find_if(
        *entries, [&](const Entry &entry) { return std::ranges::equal(entry.name, bytesOf(wanted)); });
    if (found == entries->end())
        return fail(ErrorCode::NotFound, name, u"secret"_s);
    return QString::fromUtf8(reinterpret_cast<const char *>(found->value.data()),
                             static_cast<qsizetype>(found->value.size()));
}

Result<LockedBytes> withValue(const LockedBytes &content, const QString &name, const QString *value)
{
    auto entries = entriesOf(content);
    if (!entries)
        return std::unexpected(entries.error());
    const QByteArray changed = name.toUtf8();
    std::erase_if(*entries,
                  [&](const Entry &entry) { return std::ranges::equal(entry.name, bytesOf(changed)); });
    QByteArray bytes = value ? value->toUtf8() : QByteArray();
    if (value)
        entries->push_back({.name = bytesOf(changed), .value = bytesOf(bytes)});
    std::size_t size = 0;
    for (const Entry &entry : *entries)
        size += 2 * sizeof(quint32) + entry.name.size() + entry.value.size();
    LockedBytes out(size);
    unsigned char *at = out.data();
    for (const Entry &entry : *entries) {
        if (at)
            at = putField(putField(at, entry.name), entry.value);
    }
    wipe(bytes);
    if (!out.data())
        return fail(ErrorCode::TooLarge, {}, u"key_file"_s);
    return out;
}

} // namespace muster
