//! Lines of Mesos's log that come again and again: told a few times, then counted.
//!
//! A warning in a loop would otherwise fill the log, and its disk, with one sentence. Nothing is lost without a word: each
//! line that has no event of its own is in the count of one that has.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    time::{Duration, Instant},
};

use crate::{
    clock::Timestamp,
    config,
    event::{
        Action, Draft,
        ecs::{Error, Outcome},
        log::{Log, LogOrigin, LogOriginFile, Repeated},
    },
};

/// Places in Mesos's source that are remembered at the same time; it has some thousand lines that warn. Should there be
/// more, all is told and forgotten.
const PLACES: usize = 4096;

/// What was told and counted, place by place.
#[derive(Debug)]
pub(super) struct Repeats {
    burst: usize,
    interval: Duration,
    places: HashMap<Place, Window>,
    /// When the next of them ends.
    next: Option<Instant>,
    hasher: RandomState,
    ending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    file: String,
    line: u32,
    level: String,
    action: Action,
}

#[derive(Debug)]
struct Window {
    end: Instant,
    /// Texts that have an event, hashed.
    told: Vec<u64>,
    counted: Option<Counted>,
}

#[derive(Debug)]
struct Counted {
    repeated: Repeated,
    outcome: Option<Outcome>,
    text: String,
}

impl Repeats {
    pub(super) fn new(config: &config::Errors) -> Self {
        Self {
            burst: config.burst,
            interval: config.interval(),
            places: HashMap::new(),
            next: None,
            hasher: RandomState::new(),
            ending: false,
        }
    }

    /// Whether this becomes an event of its own; otherwise it is counted. What is no line of Mesos's log always does, and
    /// so does a fatal line, which is the last.
    pub(super) fn lets(&mut self, draft: &Draft<'_>, now: Instant) -> bool {
        let Some(log) = &draft.log else { return true };
        if log.level == "fatal" {
            self.ending = true;
            return true;
        }
        let text = draft.error.as_ref().map_or("", |error| &error.message);
        let hash = self.hasher.hash_one(text);
        let place = Place {
            file: log.origin.file.name.clone().into_owned(),
            line: log.origin.file.line,
            level: log.level.clone().into_owned(),
            action: draft.action,
        };
        let end = now + self.interval;
        let window =
            self.places.entry(place).or_insert_with(|| Window { end, told: Vec::new(), counted: None });
        self.next = Some(self.next.map_or(window.end, |next| next.min(window.end)));
        if window.told.len() < self.burst && !window.told.contains(&hash) {
            window.told.push(hash);
            return true;
        }
        let at = draft.timestamp;
        let fresh = Repeated { count: 0, first: at, last: at };
        let counted = window.counted.get_or_insert_with(|| Counted {
            repeated: fresh,
            outcome: draft.outcome,
            text: String::new(),
        });
        counted.repeated.count += 1;
        counted.repeated.last = at;
        if counted.text != text {
            text.clone_into(&mut counted.text);
        }
        false
    }

    /// Tells the counts of those whose time has come.
    pub(super) fn due(&mut self, now: Instant, each: impl FnMut(Draft<'_>)) {
        if self.places.len() > PLACES {
            self.tell(None, each);
        } else if self.next.is_some_and(|next| next <= now) {
            self.tell(Some(now), each);
        }
    }

    /// Tells all counts.
    pub(super) fn all(&mut self, each: impl FnMut(Draft<'_>)) {
        self.tell(None, each);
    }

    /// Tells the counts whose time has come: all of them where the line was fatal, since the process aborts then.
    pub(super) fn tell_after_line(&mut self, now: Instant, each: impl FnMut(Draft<'_>)) {
        if std::mem::take(&mut self.ending) {
            self.tell(None, each);
        } else {
            self.due(now, each);
        }
    }

    fn tell(&mut self, now: Option<Instant>, mut each: impl FnMut(Draft<'_>)) {
        let is_over = |window: &Window| now.is_none_or(|now| window.end <= now);
        let mut over: Vec<_> = self.places.extract_if(|_, window| is_over(window)).collect();
        // In the order in which they happened, not that of a hash table.
        over.sort_by_key(|(_, window)| window.counted.as_ref().map(|counted| counted.repeated.first));
        for (place, window) in over {
            if let Some(counted) = window.counted {
                each(summary(&place, &counted));
            }
        }
        self.next = self.places.values().map(|window| window.end).min();
    }
}

fn summary<'a>(place: &'a Place, counted: &'a Counted) -> Draft<'a> {
    let mut draft = Draft::at(Timestamp::now(), place.action);
    draft.outcome = counted.outcome;
    let file = LogOriginFile { name: place.file.as_str().into(), line: place.line };
    draft.log = Some(Box::new(Log { level: place.level.as_str().into(), origin: LogOrigin { file } }));
    draft.error = Some(Error { message: counted.text.as_str().into() });
    draft.mesos.callback = Some(crate::decode::Callback::LogLine.method().into());
    draft.mesos.repeated = Some(Box::new(counted.repeated));
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &'static str, number: u32, micros: i64) -> Draft<'static> {
        let mut draft = Draft::at(Timestamp::from_micros(micros), Action::ErrorLogged);
        let file = LogOriginFile { name: "master.cpp".into(), line: number };
        draft.log = Some(Box::new(Log { level: "warning".into(), origin: LogOrigin { file } }));
        draft.error = Some(Error { message: text.into() });
        draft
    }

    fn repeats(burst: usize) -> Repeats {
        Repeats::new(&config::Errors { burst, interval_s: 10, ..config::Errors::default() })
    }

    /// Counts that were told: line, count, first, last, text.
    fn told(repeats: &mut Repeats, now: Instant) -> Vec<(u32, Repeated, String)> {
        let mut found = Vec::new();
        repeats.due(now, |draft| {
            let number = draft.log.as_ref().unwrap().origin.file.line;
            found.push((number, *draft.mesos.repeated.unwrap(), draft.error.unwrap().message.into_owned()));
        });
        found
    }

    #[test]
    fn the_same_text_is_told_once_and_counted_until_the_interval_is_over() {
        let (mut repeats, start) = (repeats(5), Instant::now());
        assert!(repeats.lets(&line("a", 1, 10), start));
        for micros in 11..=15 {
            assert!(!repeats.lets(&line("a", 1, micros), start));
        }
        assert!(repeats.lets(&line("b", 1, 16), start), "another text");
        assert!(repeats.lets(&line("a", 2, 16), start), "another place");
        assert_eq!(told(&mut repeats, start + Duration::from_secs(9)), []);
        let [first, last] = [11, 15].map(Timestamp::from_micros);
        let expected = (1, Repeated { count: 5, first, last }, "a".to_owned());
        assert_eq!(told(&mut repeats, start + Duration::from_secs(10)), [expected]);
        assert_eq!(told(&mut repeats, start + Duration::from_secs(60)), [], "told once");
        assert!(repeats.lets(&line("a", 1, 99), start + Duration::from_secs(60)), "a new interval");
    }

    #[test]
    fn different_texts_of_one_place_are_counted_beyond_the_burst() {
        let (mut repeats, start) = (repeats(2), Instant::now());
        let lets = ["a", "b", "c", "d"].map(|text| repeats.lets(&line(text, 1, 1), start));
        assert_eq!(lets, [true, true, false, false]);
        let counts = told(&mut repeats, start + Duration::from_secs(10));
        assert_eq!((counts[0].1.count, &*counts[0].2), (2, "d"));
    }

    #[test]
    fn a_fatal_line_is_never_counted_and_tells_all_that_was() {
        let (mut repeats, start) = (repeats(1), Instant::now());
        for expected in [true, false] {
            assert_eq!(repeats.lets(&line("a", 1, 1), start), expected);
        }
        for _ in 0..3 {
            let mut fatal = line("end", 7, 2);
            fatal.log.as_mut().unwrap().level = "fatal".into();
            assert!(repeats.lets(&fatal, start));
        }
        let mut count = 0;
        repeats.tell_after_line(start, |_| count += 1);
        assert_eq!(count, 1);
    }

    #[test]
    fn what_is_no_line_of_a_log_always_passes() {
        let (mut repeats, start) = (repeats(1), Instant::now());
        for _ in 0..3 {
            assert!(repeats.lets(&Draft::at(Timestamp::default(), Action::TaskLaunch), start));
        }
    }

    #[test]
    fn memory_is_bounded_and_what_it_held_is_told() {
        let (mut repeats, start) = (repeats(1), Instant::now());
        for number in 0..=u32::try_from(PLACES).unwrap() {
            repeats.lets(&line("a", number, 1), start);
            repeats.lets(&line("a", number, 1), start);
        }
        assert_eq!(told(&mut repeats, start).len(), PLACES + 1);
        assert!(repeats.places.is_empty());
    }
}
