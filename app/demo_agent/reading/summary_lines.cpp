#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/reading/module_reading.h"

#include <algorithm>
#include <ranges>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString relativeTo(const Module &module, const QString &path)
{
    if (path == module.path)
        return path.section(u'/', -1);
    const QString prefix = module.path + u'/';
    return path.startsWith(prefix) ? path.sliced(prefix.size()) : path;
}

QString withStop(const QString &text)
{
    if (text.isEmpty() || text.endsWith(u'.') || text.endsWith(u'…') || text.endsWith(u'!') ||
        text.endsWith(u'?'))
        return text;
    return text + u'.';
}

QString headLine(const ModuleReading &reading)
{
    const Module &m = reading.module;
    QString line = u"**"_s + oneLine(m.path) + u"** — "_s;
    line += reading.purpose.text.isEmpty() ? u"Nothing in it says what it is for."_s
                                           : withStop(reading.purpose.text);
    QString size = counted(m.files, u"file"_s) + u", "_s + counted(m.lines, u"line"_s);
    if (m.files == 1)
        size = counted(m.lines, u"line"_s);
    if (!m.language.isEmpty())
        size += u", "_s + m.language;
    if (m.ownFilesOnly)
        size += u", without its subfolders"_s;
    return line + u" ("_s + size + u")"_s;
}

QString fileLine(const ModuleReading &reading)
{
    if (reading.module.files == 1)
        return {};
    QStringList items;
    for (const NotedFile &noted : reading.mainFiles) {
        QString item = code(relativeTo(reading.module, noted.file->path)) + u" ("_s +
                       counted(noted.file->counts.lines, u"line"_s);
        if (!noted.purpose.isEmpty() && noted.file->path != reading.purpose.source) {
            QString said = noted.purpose;
            if (said.endsWith(u'.'))
                said.chop(1);
            item += u": "_s + said;
        }
        items.append(item + u')');
    }
    return items.isEmpty() ? u"It holds no program text, only documents or data."_s
                           : QString(u"Main files: "_s + items.join(u", "_s) + u'.');
}

QString nameItem(const NamedSymbol &named)
{
    const bool callable = named.symbol.kind == "function"_L1 || named.symbol.kind == "sub"_L1 ||
                          named.symbol.kind == "func"_L1 || named.symbol.kind == "fn"_L1 ||
                          named.symbol.kind == "method"_L1;
    QString item = code(named.symbol.name + (callable ? u"()"_s : QString()));
    QString doc = named.symbol.doc;
    if (doc.endsWith(u'.'))
        doc.chop(1);
    if (!doc.isEmpty())
        item += u" ("_s + shortened(doc, 80) + u')';
    return item;
}

QString nameLine(const ModuleReading &reading)
{
    if (reading.names.empty())
        return reading.codeFiles > 0 ? u"No public names were found in it."_s : QString();
    QStringList items;
    for (const NamedSymbol &named : reading.names | std::views::take(6))
        items.append(nameItem(named));
    QString line = u"Main names: "_s + items.join(u", "_s);
    if (reading.publicNames > items.size())
        line += u" and "_s + number(reading.publicNames - items.size()) + u" more"_s;
    if (reading.namesFrom < reading.nameFiles)
        line += u" (from the "_s + number(reading.namesFrom) + u" largest of "_s + number(reading.nameFiles) +
                u" source files)"_s;
    return line + u'.';
}

QString testLine(const ModuleReading &reading)
{
    if (isTestModule(reading.module))
        return u"It is itself a part of the tests: "_s + counted(reading.module.tests, u"test"_s) +
               u" found in it."_s;
    if (reading.tests.isEmpty() && reading.module.tests == 0)
        return reading.codeFiles > 0 ? u"Tests: none found."_s : QString();
    if (reading.tests.isEmpty())
        return u"Tests: "_s + number(reading.module.tests) + u" beside the code."_s;
    QStringList items;
    for (const QString &path : reading.tests)
        items.append(code(path));
    return u"Tests that speak of it: "_s + listedUpTo(items, 3) + u'.';
}

QString watchLine(const ModuleReading &reading)
{
    QStringList parts;
    if (!reading.notes.empty()) {
        const PlacedNote &worst = reading.notes.front();
        parts.append(counted(static_cast<qint64>(reading.notes.size()), u"open note"_s) + u", first "_s +
                     worst.note.word + u" at "_s +
                     code(relativeTo(reading.module, worst.path) + u':' + QString::number(worst.note.line)) +
                     (worst.note.text.isEmpty()
                          ? QString()
                          : QString(u" (“"_s + shortened(worst.note.text, 70) + u"”)"_s)));
    }
    if (reading.longestLines > 800)
        parts.append(u"long file "_s + code(relativeTo(reading.module, reading.longestFile)) + u" ("_s +
                     counted(reading.longestLines, u"line"_s) + u')');
    QString line = parts.isEmpty() ? u"Watch: nothing stands out, no TODO or FIXME in its comments"_s
                                   : QString(u"Watch: "_s + parts.join(u"; "_s));
    line += u". "_s + (reading.notRead.isEmpty() ? u"All of it was read."_s
                                                 : QString(u"Not read: "_s + listed(reading.notRead) + u'.'));
    return line;
}

// More lines than the five of the short form: a name each, with what its comment says.
void lengthen(const ModuleReading &reading, QStringList &lines, int wanted)
{
    for (const NamedSymbol &named : reading.names) {
        if (lines.size() >= wanted)
            return;
        if (!named.symbol.doc.isEmpty())
            lines.append(
                nameItem(named) + u" in "_s +
                code(relativeTo(reading.module, named.path) + u':' + QString::number(named.symbol.line)) +
                u'.');
    }
    for (const PlacedNote &placed : reading.notes) {
        if (lines.size() >= wanted)
            return;
        lines.append(
            placed.note.word + u" at "_s +
            code(relativeTo(reading.module, placed.path) + u':' + QString::number(placed.note.line)) +
            u": "_s + placed.note.text);
    }
}

} // namespace

QStringList summaryLines(const ModuleReading &reading, int lines)
{
    // By weight: what is dropped first comes last.
    const QStringList all{headLine(reading), nameLine(reading), fileLine(reading), testLine(reading),
                          watchLine(reading)};
    QStringList kept;
    for (const QString &line : all) {
        if (!line.isEmpty() && kept.size() < std::max(lines, 1))
            kept.append(line);
    }
    lengthen(reading, kept, lines);
    return kept;
}

} // namespace muster::demo
