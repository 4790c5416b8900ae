// FlowEditorPage: the Flow editor dock: the text of a flow file with its problems beside the graph of the
// same text. A step that is chosen on the graph is where the cursor goes, and the other way round. What is
// not saved is kept as a draft all the time. GUI thread.
#pragma once

#include "ui/docks/editor/flow_drafts.h"
#include "ui/shell/dock_page.h"

#include <QTimer>

class QLabel;
class QStackedWidget;

namespace muster {

class EditorHeader;
class EmptyState;
class FlowDocument;
class FlowGraphView;
class FlowListModel;
class NodeFeed;
class NoticeBanner;
class ProblemList;
class ProjectContext;
class RunModel;
class ShareSplitter;
class Theme;
class WindowSettings;
class YamlEdit;
struct NewStep;

class FlowEditorPage final : public DockPage {
    Q_OBJECT

public:
    // `settings`: keeps the drafts and which flow was open; nullptr: nothing is kept.
    FlowEditorPage(NodeFeed *feed, ProjectContext *context, Theme *theme, WindowSettings *settings,
                   QWidget *parent = nullptr);

    void edit(const QString &flow); // a name or a path
    void editOther();               // asks which
    void newFlow();
    void insertStep();
    void save();
    void insert(const NewStep &step);
    [[nodiscard]] FlowDocument &document() { return *m_document; }

    void activate() override;
    void deactivate() override;
    [[nodiscard]] QWidget *focusTarget() override;
    [[nodiscard]] QStringList unsaved() const override;
    void saveThen(const std::function<void()> &done) override;

signals:
    void startWanted(const QString &flow);
    void titleChanged(const QString &title);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Banner {
        NoticeBanner *conflict;
        NoticeBanner *draft;
    };

    void layOut();
    void makeBanners();
    void connectDocument();
    void addShortcuts();
    void onProject();
    void onOpened(const QString &text);
    void onEdited();
    void onSaved();
    void onConflict();
    void onChecked();
    void onGraph();
    void onRun();
    void keepDraft();
    void showDraft(const UnsavedFlow &draft);
    void discardDraft();
    void openDraft(int index);
    void chooseName(std::function<void(const QString &)> use);
    void begin(const QString &name, const QString &from);
    void beginWith(const QString &name, const QString &text);
    void followCursor();
    void followGraph(const QString &id);
    void nextPart();
    void showState();
    [[nodiscard]] std::vector<UnsavedFlow> otherDrafts() const;
    [[nodiscard]] QStringList ownFlows() const;

    NodeFeed *m_feed;
    ProjectContext *m_context;
    WindowSettings *m_settings;
    FlowDrafts m_drafts;
    FlowListModel *m_flows;
    RunModel *m_run;
    FlowDocument *m_document;
    EditorHeader *m_header;
    Banner m_banner{};
    YamlEdit *m_edit;
    ProblemList *m_problems;
    FlowGraphView *m_graph;
    QLabel *m_graphNote;
    ShareSplitter *m_split;
    QStackedWidget *m_pages;
    QWidget *m_shown;
    EmptyState *m_empty;
    QTimer m_keepSoon;
    std::function<void()> m_afterSave;
    int m_savedRevision = 0; // of the text that is being saved
    bool m_following = false;
};

} // namespace muster
