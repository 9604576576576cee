use std::{convert::Infallible, fs::OpenOptions, io::Write};

use super::*;

struct Place {
    dir: tempfile::TempDir,
    follow: Follow,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let follow = Follow::new(dir.path().join("log"));
        Self { dir, follow }
    }

    fn append(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.dir.path().join(from), self.dir.path().join(to)).unwrap();
    }

    fn poll(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        let result = self.follow.poll(|happening| {
            told.push(match happening {
                Happening::Line(found) => {
                    format!("{}: {}", found.number(), String::from_utf8_lossy(found.line.bytes))
                }
                Happening::Torn(found) => {
                    format!("{}: torn {}", found.number(), String::from_utf8_lossy(found.line.bytes))
                }
                Happening::Missing => "missing".to_owned(),
                Happening::Truncated => "truncated".to_owned(),
                Happening::Trouble(error) => error.to_string(),
            });
            Ok::<_, Infallible>(())
        });
        let Ok(any) = result;
        assert_eq!(any, told.iter().any(|told| told.contains(": ") && !told.contains("torn")));
        told
    }
}

#[test]
fn a_file_that_comes_later_is_read_from_its_start() {
    let mut place = Place::new();
    assert_eq!(place.poll(), ["missing"]);
    assert!(place.poll().is_empty(), "told once");
    place.append("log", "one\ntw");
    assert_eq!(place.poll(), ["1: one"]);
    assert!(place.poll().is_empty(), "a torn line waits");
    place.append("log", "o\n");
    assert_eq!(place.poll(), ["2: two"]);
}

#[test]
fn rotation_finishes_the_old_file_first() {
    let mut place = Place::new();
    place.append("log", "one\n");
    assert_eq!(place.poll(), ["1: one"]);
    place.append("log", "two\n");
    place.rename("log", "log.1");
    assert_eq!(place.poll(), ["2: two"], "between rename and create");
    place.append("log", "");
    place.append("log.1", "three\n");
    assert_eq!(place.poll(), ["3: three"], "an empty new file is not yet in use");
    place.append("log.1", "four\nto");
    place.append("log", "new\n");
    assert_eq!(place.poll(), ["4: four", "5: torn to", "1: new"]);
    place.rename("log", "log.2");
    place.append("log", "newer\n");
    assert_eq!(place.poll(), ["1: newer"]);
}

#[test]
fn truncation_starts_over() {
    let mut place = Place::new();
    place.append("log", "one\ntwo\nto");
    assert_eq!(place.poll(), ["1: one", "2: two"]);
    fs::write(place.dir.path().join("log"), "new\n").unwrap();
    assert_eq!(place.poll(), ["truncated", "1: new"]);
    place.append("log", "two\n");
    assert_eq!(place.poll(), ["2: two"]);
}

#[test]
fn an_offset_is_where_reading_starts_and_numbers_are_the_files_own() {
    let mut place = Place::new();
    place.append("log", "one\ntwo\nthree\n");
    let path = place.dir.path().join("log");
    place.follow = Follow::opened(&path, File::open(&path).unwrap(), Start::Offset(8)).unwrap();
    assert_eq!(place.poll(), ["3: three"]);
    place.append("log", "four\n");
    assert_eq!(place.poll(), ["4: four"]);
}

#[test]
fn a_directory_is_trouble_told_once() {
    let mut place = Place::new();
    fs::create_dir(place.dir.path().join("log")).unwrap();
    assert_eq!(place.poll(), ["no regular file"]);
    assert!(place.poll().is_empty());
}

#[test]
fn what_each_says_ends_the_poll() {
    let place = Place::new();
    place.append("log", "one\n");
    let mut follow = place.follow;
    assert_eq!(follow.poll(|_| Err("enough")), Err("enough"));
}
