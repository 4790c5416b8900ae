#include "core/viewmodel/flow_document.h"

#include "core/viewmodel/project_context.h"

using namespace Qt::StringLiterals;

namespace muster {

FlowDocument::FlowDocument(NodeFeed *feed, ProjectContext *context, std::function<QString()> text,
                           QObject *parent)
    : QObject(parent)
    , m_feed(feed)
    , m_context(context)
    , m_text(std::move(text))
{
    m_checkSoon.setSingleShot(true);
    m_checkSoon.setInterval(checkAfterMs);
    connect(&m_checkSoon, &QTimer::timeout, this, &FlowDocument::check);
}

void FlowDocument::open(const QString &flow)
{
    const int serial = ++m_serial;
    m_feed->node().query(api::ReadFlow{.project = m_context->project().path, .flow = flow}, this,
                         [this, serial](const Result<api::FlowTextInfo> &read) {
        if (serial != m_serial)
            return;
        if (!read) {
            emit failed(read.error());
            return;
        }
        if (read->path != m_info.path)
            m_graph = {};
        m_info = *read;
        m_problems.clear();
        const QString text = std::exchange(m_info.text, {});
        emit opened(text);
        edited();
    });
}

void FlowDocument::begin(const QString &name)
{
    ++m_serial;
    m_info = {
        .name = name, .path = u"flows/%1.flow.yaml"_s.arg(name), .origin = u"project"_s, .writable = true};
    m_problems.clear();
    m_graph = {};
    emit moved();
    edited();
}

void FlowDocument::close()
{
    ++m_serial;
    m_info = {};
    m_problems.clear();
    m_graph = {};
    m_checkSoon.stop();
    emit moved();
}

void FlowDocument::edited()
{
    ++m_unchecked;
    m_checkSoon.start();
}

void FlowDocument::check()
{
    if (!isOpen())
        return;
    const int asked = ++m_checks;
    const int told = m_unchecked;
    QString text = m_text();
    if (text.isEmpty())
        text = u"\n"_s; // an empty one would be read from the file
    m_feed->node().query(
        api::CheckFlow{.project = m_context->project().path, .flow = m_info.path, .text = text}, this,
        [this, asked, told, serial = m_serial](const Result<api::FlowCheckInfo> &info) {
        if (asked != m_checks || serial != m_serial)
            return;
        m_unchecked -= told;
        if (info)
            take(*info);
        else
            emit failed(info.error());
    });
}

void FlowDocument::take(const api::FlowCheckInfo &info)
{
    m_problems = info.problems;
    emit checked();
    if (!info.problems.empty())
        return;
    auto drawn = onPool([info]() -> Result<FlowGraph> { return flowGraphOf(info); });
    onResult(drawn, this, [this, asked = m_checks](const Result<FlowGraph> &graph) {
        if (!graph || asked != m_checks)
            return;
        m_graph = *graph;
        emit graphChanged();
    });
}

void FlowDocument::save()
{
    write({.project = m_context->project().path,
           .path = m_info.path,
           .text = m_text(),
           .expectedHash = m_info.hash},
          m_info.name);
}

void FlowDocument::saveAs(const QString &name)
{
    write({.project = m_context->project().path,
           .path = u"flows/%1.flow.yaml"_s.arg(name),
           .text = m_text(),
           .expectedHash = {}},
          name);
}

void FlowDocument::keepMine()
{
    m_info.hash = m_hashOnDisk;
    save();
}

void FlowDocument::write(const api::WriteFlow &command, const QString &name)
{
    const bool isOther = command.path != m_info.path;
    m_feed->node().submit(command, this,
                          [this, name, isOther, serial = m_serial](const Result<api::CommandDone> &done) {
        if (serial != m_serial)
            return;
        const bool isThere = !done && done.error().code == ErrorCode::Conflict;
        if (isThere && isOther) {
            emit failed(Error{.code = ErrorCode::AlreadyExists, .detail = name, .where = u"flow"_s});
            return;
        }
        if (isThere && done.error().detail == u"flow_changed") {
            m_hashOnDisk = done.error().where;
            emit conflict();
            return;
        }
        if (!done) {
            emit failed(done.error());
            return;
        }
        m_info = {.name = name,
                  .path = done->text,
                  .origin = m_info.origin == u"user" ? m_info.origin : u"project"_s,
                  .hash = done->list.value(0),
                  .writable = true};
        emit saved();
        emit moved();
    });
}

} // namespace muster
